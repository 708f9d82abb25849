"""Checks of a contract and its workflow: values in, findings out.

The identifiers (V01...) are those of docs/rules/contrat.md; articles and thresholds come from
data/contract.toml, dated. Level B refuses the contract, level W warns.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programmes.calendar_rules import add_months, months_between

from .enums import ContractAction, ContractState, FindingLevel
from .pay import (
    CENT,
    DAY,
    PayLine,
    PayTerms,
    Segment,
    age_on,
    amount,
    base_amount,
    minimum_amount,
    minimum_segments,
)
from .tables import PayTables, RuleTable, RuleText, pay_tables, rule_table

TRANSITIONS = {
    (ContractState.DRAFT, ContractAction.SIGN): ContractState.SIGNED,
    (ContractState.SIGNED, ContractAction.TRANSMIT): ContractState.TRANSMITTED,
}
# Codes of the CERFA's box "type de dérogation" (notice 51649).
DEROGATION_UNDER_16 = "11"
DEROGATION_OVER_29 = "12"
DEROGATION_SHORTER = "21"
DEROGATION_LONGER = "22"
DEROGATION_SEVERAL = "50"


@dataclass(frozen=True)
class ContractFacts:
    """Everything the checks need to know of a contract."""

    born_on: date
    concluded_on: date
    starts_on: date
    ends_on: date
    training_starts_on: date
    training_ends_on: date
    cycle_months: int
    training_hours: Decimal
    minimum_hours: Decimal
    practice_starts_on: date | None = None
    last_exam_on: date | None = None
    derogation: str = ""
    rqth: bool = False
    has_legal_representative: bool = False
    is_emancipated: bool = False
    maitre_other_apprentices: int = 0
    smc: Decimal | None = None
    pay_lines: tuple[PayLine, ...] = ()

    @property
    def pay_terms(self) -> PayTerms:
        return PayTerms(self.born_on, self.starts_on, self.ends_on, self.cycle_months, self.smc)


@dataclass(frozen=True)
class Finding:
    """What a check found: `field` names the form field that it concerns."""

    id: str
    level: FindingLevel
    message: str
    field: str

    @property
    def blocks(self) -> bool:
        return self.level == FindingLevel.BLOCKING


def check_contract(
    facts: ContractFacts, *, rules: RuleTable | None = None, tables: PayTables | None = None
) -> tuple[Finding, ...]:
    """Every finding on a contract, in the order of the identifiers."""
    rules = rules or rule_table()
    if facts.ends_on <= facts.starts_on:
        text = rules.on("V08", facts.concluded_on)
        return (_blocking(text, "La fin du contrat doit suivre son début.", "ends_on"),)
    found: list[Finding] = []
    for rule_id, check in CHECKS.items():
        found += check(facts, rules.on(rule_id, facts.concluded_on))
    found += check_pay(facts, rules.on("V14", facts.concluded_on), tables or pay_tables())
    return tuple(sorted(found, key=lambda f: f.id))


def blocking(findings: Collection[Finding]) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.blocks)


def _blocking(text: RuleText, message: str, field: str) -> Finding:
    return Finding(text.id, FindingLevel.BLOCKING, f"{message} ({text.article})", field)


def _warning(text: RuleText, message: str, field: str) -> Finding:
    return Finding(text.id, FindingLevel.WARNING, f"{message} ({text.article})", field)


def check_age(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V01: 16 to 29 completed years at the start of the apprenticeship; the rest is V02 and V03."""
    if facts.born_on >= facts.starts_on:
        return [_blocking(text, "La date de naissance doit précéder le début du contrat.", "")]
    return []


def check_under_16(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V02: 15 years when the first cycle (fin de 3e) is finished, with derogation 11."""
    age, v01 = age_on(facts.born_on, facts.starts_on), _values("V01", facts)
    if age >= v01["min_age"] or facts.born_on >= facts.starts_on:
        return []
    if age < text.values["min_age"]:
        return [
            _blocking(
                text,
                f"L'apprenti aura {age} ans au début du contrat : {text.values['min_age']} ans au "
                "moins sont exigés. Repoussez le début.",
                "starts_on",
            )
        ]
    if facts.derogation not in (DEROGATION_UNDER_16, DEROGATION_SEVERAL):
        return [
            _blocking(
                text,
                f"L'apprenti aura {age} ans au début du contrat : choisissez la dérogation 11 "
                "(fin de 3e achevée) ou repoussez le début.",
                "derogation",
            )
        ]
    return []


def check_over_29(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V03, light: above 29 years derogation 12 is needed, its reason stays to be proved."""
    age, v01 = age_on(facts.born_on, facts.starts_on), _values("V01", facts)
    if age <= v01["max_age"]:
        return []
    if facts.derogation not in (DEROGATION_OVER_29, DEROGATION_SEVERAL):
        return [
            _blocking(
                text,
                f"L'apprenti aura {age} ans au début du contrat, {v01['max_age']} ans révolus au "
                "plus : choisissez la dérogation 12 si sa situation y ouvre droit.",
                "derogation",
            )
        ]
    if facts.rqth:
        return []
    return [
        _warning(
            text,
            f"L'apprenti aura {age} ans au début du contrat : gardez la preuve du motif de "
            "dérogation (contrat précédent, création d'entreprise, sportif de haut niveau…).",
            "derogation",
        )
    ]


def check_conclusion(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V04: concluded no later than its start; the same day if the CFA began before."""
    if facts.concluded_on > facts.starts_on:
        message = "Le contrat se conclut au plus tard le jour de son début d'exécution."
        return [_blocking(text, message, "concluded_on")]
    if facts.training_starts_on < facts.concluded_on != facts.starts_on:
        return [
            _blocking(
                text,
                f"La formation au CFA a commencé le {facts.training_starts_on:%d/%m/%Y}, avant le "
                "contrat : le début d'exécution est alors le jour de la conclusion, "
                f"le {facts.concluded_on:%d/%m/%Y}.",
                "starts_on",
            )
        ]
    return []


def check_practice(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V05: practice and CFA start within three months of the contract's start."""
    months, out = text.values["max_months"], []
    limit = add_months(facts.starts_on, months)
    if facts.practice_starts_on and facts.practice_starts_on < facts.starts_on:
        message = "La formation pratique ne peut pas commencer avant le contrat."
        out.append(_blocking(text, message, "practice_starts_on"))
    if facts.practice_starts_on and facts.practice_starts_on > limit:
        message = (
            f"La formation pratique commence plus de {months} mois après le début du contrat : "
            f"le {limit:%d/%m/%Y} au plus tard."
        )
        out.append(_blocking(text, message, "practice_starts_on"))
    if facts.training_starts_on > limit:
        message = (
            f"La formation au CFA commence le {facts.training_starts_on:%d/%m/%Y}, plus de {months} "
            "mois après le début du contrat : rapprochez les deux dates."
        )
        out.append(_blocking(text, message, "starts_on"))
    return out


def check_end(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V07: the contract covers the training and the last exam, and ends soon after."""
    if facts.last_exam_on and facts.ends_on < facts.last_exam_on:
        message = (
            "Le contrat finit avant la dernière épreuve, le "
            f"{facts.last_exam_on:%d/%m/%Y} : prolongez-le jusque-là."
        )
        return [_blocking(text, message, "ends_on")]
    if facts.ends_on < facts.training_ends_on:
        message = (
            f"Le contrat finit avant la formation (le {facts.training_ends_on:%d/%m/%Y}) : "
            "vérifiez qu'il couvre la dernière épreuve."
        )
        return [_warning(text, message, "ends_on")]
    hard, soft = text.values["max_months"], text.values["warn_months"]
    if facts.ends_on > add_months(facts.training_ends_on, hard):
        message = (
            f"Le contrat finit plus de {hard} mois après la formation "
            f"(le {facts.training_ends_on:%d/%m/%Y}) : avancez sa fin."
        )
        return [_blocking(text, message, "ends_on")]
    if facts.ends_on > add_months(facts.training_ends_on, soft):
        message = f"Le contrat finit plus de {soft} mois après la formation : l'OPCO peut refuser."
        return [_warning(text, message, "ends_on")]
    return []


def check_duration(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V08: six months to three years, four for a person recognised as RQTH."""
    low = text.values["min_months"]
    high = text.values["max_months_rqth" if facts.rqth else "max_months"]
    after = facts.ends_on + DAY
    if after < add_months(facts.starts_on, low):
        return [_blocking(text, f"Le contrat dure moins de {low} mois.", "ends_on")]
    if after > add_months(facts.starts_on, high):
        return [_blocking(text, f"Le contrat dure plus de {high // 12} ans.", "ends_on")]
    return []


def check_cycle(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V09: a contract shorter or longer than the cycle needs a derogation and a convention."""
    months = months_between(facts.starts_on, facts.ends_on)
    # The contract may begin and end a little around the training (V05, V07): only a shorter one,
    # or one longer by more than these margins, is another duration.
    margin = _values("V07", facts)["max_months"]
    expected = {
        True: (DEROGATION_SHORTER, "réduite", "la dérogation 21"),
        False: (DEROGATION_LONGER, "allongée", "la dérogation 22"),
    }
    if facts.cycle_months <= months <= facts.cycle_months + margin:
        return []
    code, word, name = expected[months < facts.cycle_months]
    if facts.derogation in (code, DEROGATION_SEVERAL):
        return []
    message = (
        f"Durée {word} : {months} mois pour un cycle de {facts.cycle_months}. Il faut {name} et "
        "une convention tripartite, sauf contrat conclu après une rupture ou formation commencée "
        "avant le contrat."
    )
    return [_warning(text, message, "derogation")]


def check_maitre(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V12: at most two apprentices at once for one maître d'apprentissage."""
    limit = text.values["max_apprentices"]
    if facts.maitre_other_apprentices < limit:
        return []
    message = (
        f"Ce maître d'apprentissage suit déjà {facts.maitre_other_apprentices} apprentis sur la "
        f"période : {limit} au plus. Désignez une autre personne."
    )
    return [_blocking(text, message, "maitre")]


def check_minor(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V17, light: a minor who is not emancipated signs with a legal representative."""
    minor = age_on(facts.born_on, facts.concluded_on) < text.values["adult_age"]
    if not minor or facts.is_emancipated or facts.has_legal_representative:
        return []
    message = (
        "L'apprenti est mineur à la conclusion : indiquez son représentant légal sur sa fiche "
        "(ou qu'il est émancipé)."
    )
    return [_blocking(text, message, "enrolment")]


def check_hours(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V18: training hours at least a quarter of the contract, and the diploma's minimum."""
    days = (facts.ends_on - facts.starts_on).days + 1
    year, share = text.values["year_hours"], text.values["share_percent"]
    quarter = (Decimal(share) / 100 * year * days / 365).quantize(CENT)
    out = []
    if facts.training_hours < quarter:
        message = (
            f"{_hours(facts.training_hours)} de formation : {_hours(quarter)} au moins, soit "
            f"{share} % de la durée du contrat."
        )
        out.append(_blocking(text, message, "training_hours"))
    if facts.training_hours < facts.minimum_hours:
        message = (
            f"{_hours(facts.training_hours)} de formation : le diplôme en exige "
            f"{_hours(facts.minimum_hours)} au moins pour cette durée."
        )
        out.append(_blocking(text, message, "training_hours"))
    return out


def _hours(value: Decimal) -> str:
    return f"{value.normalize():f} h".replace(".", ",")


def check_pay(facts: ContractFacts, text: RuleText, tables: PayTables) -> list[Finding]:
    """V14: lines contiguous, covering the contract, each at least the legal minimum (P14)."""
    lines = sorted(facts.pay_lines, key=lambda line: line.starts_on)
    if not lines:
        return [_blocking(text, "Indiquez la rémunération de chaque période.", "pay")]
    out = _coverage(facts, lines, text)
    if facts.pay_terms.problem():
        return out
    smic = tables.smic_on(facts.starts_on).monthly
    for segment in minimum_segments(facts.pay_terms, tables):
        for line in lines:
            if line.ends_on < segment.starts_on or line.starts_on > segment.ends_on:
                continue
            if finding := _under_minimum(facts, line, segment, smic, text):
                out.append(finding)
    return out


def _coverage(facts: ContractFacts, lines: list[PayLine], text: RuleText) -> list[Finding]:
    expected, out = facts.starts_on, []
    for line in lines:
        if line.starts_on != expected:
            message = (
                f"Les périodes de rémunération doivent se suivre : l'une commence le "
                f"{line.starts_on:%d/%m/%Y} au lieu du {expected:%d/%m/%Y}."
            )
            out.append(_blocking(text, message, "pay"))
        expected = line.ends_on + DAY
    if expected != facts.ends_on + DAY:
        message = (
            "Les périodes de rémunération doivent couvrir tout le contrat, jusqu'au "
            f"{facts.ends_on:%d/%m/%Y}."
        )
        out.append(_blocking(text, message, "pay"))
    return out


def _under_minimum(
    facts: ContractFacts, line: PayLine, segment: Segment, smic: Decimal, text: RuleText
) -> Finding | None:
    if line.base == segment.base:
        if line.rate >= segment.rate:
            return None
    offered = amount(line.rate, base_amount(line.base, facts.smc, smic))
    due = minimum_amount(segment, facts.smc, smic)
    # One cent of tolerance: public tools round up, payslips to the nearest (P14).
    if line.base != segment.base and offered >= due - CENT:
        return None
    first = max(line.starts_on, segment.starts_on)
    message = (
        f"Du {first:%d/%m/%Y} : {_percent(line.rate)} sous le minimum de "
        f"{_percent(segment.rate)} du {segment.base.upper()} ({segment.age_class}, "
        f"année {segment.year})."
    )
    return _blocking(text, message, "pay")


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f} %".replace(".", ",")


def _values(rule_id: str, facts: ContractFacts) -> dict[str, int]:
    return rule_table().on(rule_id, facts.concluded_on).values


CHECKS: dict[str, Callable[[ContractFacts, RuleText], list[Finding]]] = {
    "V01": check_age,
    "V02": check_under_16,
    "V03": check_over_29,
    "V04": check_conclusion,
    "V05": check_practice,
    "V07": check_end,
    "V08": check_duration,
    "V09": check_cycle,
    "V12": check_maitre,
    "V17": check_minor,
    "V18": check_hours,
}
