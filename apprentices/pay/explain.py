"""What to say beside each line of pay: the rule, in a French sentence, and its text."""

from dataclasses import dataclass
from decimal import Decimal

from ..enums import ContractKind, PayBase
from .terms import PayTerms, Schedule, Segment

ARTICLES = {
    "P1": "art. D6222-26 du code du travail",
    "P2": "art. D6222-31 du code du travail",
    "P4": "art. D6222-28 du code du travail",
    "P5": "art. D6222-28-1 du code du travail",
    "P6": "art. D6222-29 du code du travail",
    "P7": "art. D6222-30 du code du travail",
    "P8": "art. R6222-48 et R6222-54 du code du travail",
    "P9": "art. D6222-32 du code du travail",
    "P11": "accord de branche",
    "P12": "art. D6222-26 du code du travail",
    "PRO": "art. D6325-14 à D6325-18 du code du travail",
}


@dataclass(frozen=True)
class Reason:
    """One rule that made a line, why, and where it is written."""

    id: str
    text: str
    article: str


def explain(segment: Segment, schedule: Schedule, terms: PayTerms) -> tuple[Reason, ...]:
    """The reasons of a segment's percentage, in the order of their identifiers."""
    reasons = []
    for rule in segment.rules:
        article = ARTICLES[rule]
        if rule in ("P1", "P12") and terms.kind == ContractKind.PROFESSIONNALISATION:
            article = ARTICLES["PRO"]
        reasons.append(Reason(rule, _sentence(rule, segment, schedule, terms), article))
    return tuple(reasons)


def _sentence(rule: str, segment: Segment, schedule: Schedule, terms: PayTerms) -> str:
    # The SMC's share is of the SMC; everything else is a share of the SMIC.
    sentences = {
        "P1": f"Année {segment.year} d'exécution, comptée à partir du {terms.starts_on:%d/%m/%Y} ; "
        f"{segment.age_class}.",
        "P2": f"L'apprenti change de tranche d'âge le mois précédent : {segment.age_class} dès le "
        f"{segment.starts_on:%d/%m/%Y}, premier jour du mois qui suit l'anniversaire.",
        "P4": "Prolongation après un échec à l'examen : le taux de la dernière année est maintenu.",
        "P5": f"Le contrat est plus court que le cycle de {terms.cycle_months} mois : "
        f"{schedule.offset_months} mois sont réputés accomplis.",
        "P6": "Contrat précédent mené jusqu'au diplôme : jamais moins que "
        f"{_french(terms.floor_rate)} %.",
        "P7": "Diplôme de même niveau déjà obtenu, en rapport direct, contrat d'un an au plus : "
        "15 points de plus.",
        "P8": "Quatrième année d'un contrat prolongé pour handicap : 15 points de plus.",
        "P9": "Licence professionnelle : taux de la deuxième année.",
        "P11": f"L'accord de la branche {terms.idcc} prévoit davantage que le code.",
        "P12": f"Le salaire minimum conventionnel ({_french(terms.smc)} €) dépasse le SMIC : il sert de base.",
        "PRO": f"Contrat de professionnalisation, {segment.age_class} au début du contrat"
        + (", bac professionnel ou titre de niveau 4" if terms.bac_professionnel else "")
        + " ; un anniversaire en cours de contrat ne change pas le taux, sauf accord de branche.",
    }
    if rule == "P12" and segment.base == PayBase.SMIC:
        raise ValueError("P12 explains a share of the SMC.")
    return sentences[rule]


def _french(value: Decimal | None) -> str:
    return f"{value}".replace(".", ",")
