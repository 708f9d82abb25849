"""How a contract of apprenticeship ends before its term (section 1.7 of the reference). Pure.

Each motive has its conditions, its notice periods and its documents; `propose` gives the calendar,
`check_rupture` what blocks. Days are calendar days unless a sentence says otherwise.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from programmes.calendar_rules import add_months

from .enums import FindingLevel, RuptureMotive
from .rules import Finding
from .tables import RuleText, rule_table

M = RuptureMotive
TRIAL = (M.TRIAL_EMPLOYER, M.TRIAL_APPRENTICE)


@dataclass(frozen=True)
class MotiveRule:
    """What the law asks of one motive."""

    article: str
    condition: str
    documents: tuple[str, ...]
    # The CFA goes on with the training for six months (L6222-18-2), unless the diploma is obtained.
    owes_training: bool = True


# In its own words where apprenticeship's are wrong; the other motives exist in apprenticeship alone.
PRO_MOTIVES: dict[RuptureMotive, str] = {
    M.TRIAL_EMPLOYER: "Pendant la période d'essai, par l'employeur",
    M.TRIAL_APPRENTICE: "Pendant la période d'essai, par le salarié",
    M.AGREEMENT: "Accord entre l'employeur et le salarié",
    M.RESIGNATION: "Démission du salarié",
    **{m: str(m.label) for m in (M.MISCONDUCT, M.FORCE_MAJEURE, M.UNFIT, M.LIQUIDATION)},
}
COMMON = ("Notification écrite au directeur du CFA et à l'OPCO qui a déposé le contrat (R6222-21)",)
MOTIVES: dict[RuptureMotive, MotiveRule] = {
    M.TRIAL_EMPLOYER: MotiveRule(
        "art. L6222-18",
        "Jusqu'au 45e jour, consécutif ou non, de formation pratique en entreprise ; sans motif.",
        ("Écrit de l'employeur", *COMMON),
    ),
    M.TRIAL_APPRENTICE: MotiveRule(
        "art. L6222-18",
        "Jusqu'au 45e jour, consécutif ou non, de formation pratique en entreprise ; sans motif.",
        ("Écrit de l'apprenti, signé de son représentant légal s'il est mineur", *COMMON),
    ),
    M.AGREEMENT: MotiveRule(
        "art. L6222-18",
        "Après le 45e jour : accord écrit, signé des deux parties.",
        (
            "Accord de rupture signé de l'employeur et de l'apprenti (et du représentant légal)",
            *COMMON,
        ),
    ),
    M.RESIGNATION: MotiveRule(
        "art. L6222-18 et D6222-21-1",
        "Après le 45e jour : saisir le médiateur, informer l'employeur cinq jours après au moins, "
        "rompre sept jours après au moins.",
        (
            "Saisine du médiateur de la chambre consulaire",
            "Information de l'employeur par un moyen daté",
            "Acte de rupture, signé du représentant légal si l'apprenti est mineur",
            *COMMON,
        ),
    ),
    M.MISCONDUCT: MotiveRule(
        "art. L6222-18", "Procédure de licenciement.", ("Lettre de licenciement", *COMMON)
    ),
    M.FORCE_MAJEURE: MotiveRule(
        "art. L6222-18", "Procédure de licenciement.", ("Lettre de licenciement", *COMMON)
    ),
    M.UNFIT: MotiveRule(
        "art. L6222-18",
        "Inaptitude constatée par le médecin du travail, sans obligation de reclassement ; procédure "
        "de licenciement.",
        ("Avis d'inaptitude (gardé par l'employeur)", "Lettre de licenciement", *COMMON),
    ),
    M.EMPLOYER_DEATH: MotiveRule(
        "art. L6222-18",
        "Décès de l'employeur, maître d'apprentissage d'une entreprise d'une seule personne.",
        ("Lettre de licenciement", *COMMON),
    ),
    M.EXCLUSION: MotiveRule(
        "art. L6222-18-1",
        "L'exclusion définitive est une cause réelle et sérieuse de licenciement ; l'apprenti a deux "
        "mois pour trouver un autre CFA.",
        ("Décision d'exclusion du CFA", "Lettre de licenciement", *COMMON),
    ),
    M.DIPLOMA: MotiveRule(
        "art. L6222-19 et R6222-23",
        "Diplôme obtenu ; l'apprenti l'écrit à l'employeur un mois au moins avant la fin.",
        ("Courrier de l'apprenti", "Relevé de notes ou attestation de réussite", *COMMON),
        owes_training=False,
    ),
    M.LIQUIDATION: MotiveRule(
        "art. L6222-18",
        "Liquidation judiciaire sans poursuite d'activité : rupture par le liquidateur.",
        ("Notification du liquidateur", *COMMON),
    ),
    M.RISK: MotiveRule(
        "art. L6225-3 et L6225-3-1",
        "Opposition ou refus de reprise décidé par l'administration.",
        ("Décision de l'administration", *COMMON),
    ),
}


PRO_RULE = MotiveRule(
    "art. D6325-5",
    "Droit commun du contrat de travail : période d'essai, puis règles du CDD ou du CDI.",
    (
        "Écrit qui constate la rupture",
        "Signalement par l'employeur à la DREETS, à l'OPCO et à l'Urssaf, dans les trente jours",
    ),
    owes_training=False,
)


def rule_of(motive: RuptureMotive, *, is_apprenticeship: bool = True) -> MotiveRule:
    """What the law asks of a motive; a contrat de professionnalisation follows the common law."""
    return MOTIVES[motive] if is_apprenticeship else PRO_RULE


def motive_words(motive: RuptureMotive, *, is_apprenticeship: bool = True) -> str:
    """How a motive is named to people."""
    return str(motive.label) if is_apprenticeship else PRO_MOTIVES[motive]


@dataclass(frozen=True)
class RuptureFacts:
    """What the conditions depend on; `company_days` counted on the calendar up to `effective_on`."""

    starts_on: date
    ends_on: date
    motive: RuptureMotive
    written_on: date
    effective_on: date
    company_days: int | None = None
    is_minor: bool = False
    mediator_on: date | None = None
    employer_informed_on: date | None = None
    is_apprenticeship: bool = True


@dataclass(frozen=True)
class RuptureStep:
    """One line of the calendar: what, on which day at the earliest, and the text."""

    label: str
    day: date
    article: str


@dataclass(frozen=True)
class Proposal:
    """The calendar of a motive, from the day it begins."""

    steps: tuple[RuptureStep, ...]
    effective_on: date
    follow_until: date | None
    documents: tuple[str, ...] = field(default=())


def propose(
    motive: RuptureMotive,
    *,
    first: date,
    mediator_on: date | None = None,
    employer_informed_on: date | None = None,
    is_apprenticeship: bool = True,
) -> Proposal:
    """The earliest dates for a motive that begins on `first`, given the steps already done."""
    steps: list[RuptureStep] = []
    effective_on = first
    rule = rule_of(motive, is_apprenticeship=is_apprenticeship)
    if not is_apprenticeship:
        days = _text("D6325-5", first).values["days"]
        steps = [
            RuptureStep("Écrit qui constate la rupture", first, rule.article),
            RuptureStep(
                "Signalée par l'employeur, au plus tard", first + timedelta(days=days), rule.article
            ),
        ]
        return Proposal(tuple(steps), first, None, rule.documents)
    text = _text("L6222-18", first)
    if motive == M.RESIGNATION:
        asked = mediator_on or first
        earliest = asked + timedelta(days=text.values["inform_days"])
        informed = employer_informed_on or earliest
        effective_on = informed + timedelta(days=text.values["notice_days"])
        steps = [
            RuptureStep("Saisir le médiateur", asked, rule.article),
            RuptureStep(
                "Réponse du médiateur, au plus tard",
                asked + timedelta(days=text.values["mediator_days"]),
                rule.article,
            ),
            RuptureStep("Informer l'employeur, au plus tôt", earliest, rule.article),
            RuptureStep("Rompre, au plus tôt", effective_on, rule.article),
        ]
    elif motive == M.DIPLOMA:
        notice = _text("L6222-19", first)
        effective_on = add_months(first, notice.values["notice_months"])
        steps = [
            RuptureStep("Prévenir l'employeur par écrit", first, rule.article),
            RuptureStep("Fin du contrat, au plus tôt", effective_on, rule.article),
        ]
    else:
        steps = [RuptureStep("Écrit qui constate la rupture", first, rule.article)]
    follow = follow_until(motive, effective_on)
    if motive == M.EXCLUSION:
        months = _text("L6222-18-1", first).values["months"]
        steps.append(
            RuptureStep(
                "Autre CFA trouvé, au plus tard", add_months(effective_on, months), rule.article
            )
        )
    if follow:
        steps.append(
            RuptureStep(
                "Formation due par le CFA jusqu'au", follow, "art. L6222-18-2 et L6231-2 5°"
            )
        )
    return Proposal(tuple(steps), effective_on, follow, rule.documents)


def follow_until(
    motive: RuptureMotive, effective_on: date, *, is_apprenticeship: bool = True
) -> date | None:
    """Until when the CFA lets the apprentice go on: six months, except after the diploma."""
    if not rule_of(motive, is_apprenticeship=is_apprenticeship).owes_training:
        return None
    return add_months(effective_on, _text("L6222-18-2", effective_on).values["months"])


def check_rupture(facts: RuptureFacts) -> tuple[Finding, ...]:
    """What blocks and what is to be verified; identifiers R01 to R07 (docs/rules/rupture.md)."""
    found: list[Finding] = []
    text = _text("L6222-18", facts.starts_on)
    rule = rule_of(facts.motive, is_apprenticeship=facts.is_apprenticeship)
    written = "art. R6222-21" if facts.is_apprenticeship else rule.article
    limit = text.values["company_days"]
    if not facts.starts_on <= facts.effective_on <= facts.ends_on:
        message = (
            f"La rupture a lieu pendant le contrat, du {facts.starts_on:%d/%m/%Y} au "
            f"{facts.ends_on:%d/%m/%Y}."
        )
        found.append(_block("R01", message, written, "effective_on"))
    if facts.written_on > facts.effective_on:
        message = "L'écrit précède la rupture qu'il constate, ou est du même jour."
        found.append(_block("R01", message, written, "written_on"))
    if not facts.is_apprenticeship:
        # The motives and delays of L6222-18 are those of apprenticeship alone.
        message = (
            "Contrat de professionnalisation : sa rupture suit le droit commun du contrat de "
            "travail, non les motifs et délais de l'apprentissage. Vérifiez-la avec l'employeur."
        )
        return (*found, _warn("R07", message, PRO_RULE.article, "motive"))
    if facts.company_days is not None:
        found += _trial(facts, limit, rule)
    if facts.motive == M.RESIGNATION:
        found += _resignation(facts, text, rule)
    if facts.motive == M.DIPLOMA:
        months = _text("L6222-19", facts.written_on).values["notice_months"]
        earliest = add_months(facts.written_on, months)
        if facts.effective_on < earliest:
            message = f"Après le diplôme, l'apprenti prévient un mois avant : le {earliest:%d/%m/%Y} au plus tôt."
            found.append(_block("R05", message, rule.article, "effective_on"))
    if facts.is_minor and facts.motive in (M.TRIAL_APPRENTICE, M.AGREEMENT, M.RESIGNATION):
        message = "L'apprenti est mineur : son représentant légal signe avec lui."
        found.append(_warn("R06", message, rule.article, "motive"))
    return tuple(found)


def _trial(facts: RuptureFacts, limit: int, rule: MotiveRule) -> list[Finding]:
    days = facts.company_days or 0
    if facts.motive in TRIAL and days > limit:
        message = (
            f"{days} jours en entreprise d'après le calendrier : la rupture libre s'arrête au "
            f"{limit}e. Choisissez un autre motif, ou corrigez le nombre de jours si des absences "
            "l'ont repoussé."
        )
        return [_block("R02", message, rule.article, "motive")]
    if facts.motive in (M.AGREEMENT, M.RESIGNATION) and days <= limit:
        message = f"{days} jours en entreprise : jusqu'au {limit}e, chacun peut rompre librement par écrit."
        return [_warn("R03", message, rule.article, "motive")]
    return []


def _resignation(facts: RuptureFacts, text: RuleText, rule: MotiveRule) -> list[Finding]:
    found = []
    if facts.mediator_on is None:
        message = "Datez la saisine du médiateur : la démission passe par lui."
        found.append(_block("R04", message, rule.article, "mediator_on"))
    if facts.employer_informed_on is None:
        message = "Datez l'information de l'employeur."
        found.append(_block("R04", message, rule.article, "employer_informed_on"))
    if facts.mediator_on and facts.employer_informed_on:
        earliest = facts.mediator_on + timedelta(days=text.values["inform_days"])
        if facts.employer_informed_on < earliest:
            message = (
                f"L'employeur est informé {text.values['inform_days']} jours au moins après la "
                f"saisine du médiateur : le {earliest:%d/%m/%Y} au plus tôt."
            )
            found.append(_block("R04", message, rule.article, "employer_informed_on"))
    if facts.employer_informed_on:
        earliest = facts.employer_informed_on + timedelta(days=text.values["notice_days"])
        if facts.effective_on < earliest:
            message = (
                f"La rupture suit l'information de l'employeur de {text.values['notice_days']} jours "
                f"au moins : le {earliest:%d/%m/%Y} au plus tôt."
            )
            found.append(_block("R04", message, rule.article, "effective_on"))
    return found


def _block(rule_id: str, message: str, article: str, name: str) -> Finding:
    return Finding(rule_id, FindingLevel.BLOCKING, f"{message} ({article})", name)


def _warn(rule_id: str, message: str, article: str, name: str) -> Finding:
    return Finding(rule_id, FindingLevel.WARNING, f"{message} ({article})", name)


def _text(rule_id: str, day: date) -> RuleText:
    return rule_table().on(rule_id, day)
