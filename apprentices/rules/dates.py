"""The dates of a contract: conclusion, practice, end, duration (V04 to V09, V15, V16)."""

from programmes.calendar_rules import add_months, months_between

from ..enums import DurationReason
from ..pay import DAY, age_on
from ..tables import RuleText, rule_table
from .facts import ContractFacts, Finding, block, warn

DEROGATION_SHORTER = "21"
DEROGATION_LONGER = "22"
DEROGATION_SEVERAL = "50"
# Reasons that excuse from the derogation and the convention tripartite (V09).
EXCUSED = (
    DurationReason.FAILURE,
    DurationReason.BEFORE,
    DurationReason.RQTH,
    DurationReason.ATHLETE,
    DurationReason.BREAK,
)


def check_conclusion(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V04: concluded no later than its start; the same day if the CFA began before."""
    if facts.concluded_on > facts.starts_on:
        message = "Le contrat se conclut au plus tard le jour de son début d'exécution."
        return [block(text, message, "concluded_on")]
    if facts.training_starts_on < facts.concluded_on != facts.starts_on:
        message = (
            f"La formation au CFA a commencé le {facts.training_starts_on:%d/%m/%Y}, avant le "
            "contrat : le début d'exécution est alors le jour de la conclusion, "
            f"le {facts.concluded_on:%d/%m/%Y}."
        )
        return [block(text, message, "starts_on")]
    return []


def check_practice(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V05: practice and CFA start within three months of the contract's start."""
    months, out = text.values["max_months"], []
    limit = add_months(facts.starts_on, months)
    if facts.practice_starts_on and facts.practice_starts_on < facts.starts_on:
        message = "La formation pratique ne peut pas commencer avant le contrat."
        out.append(block(text, message, "practice_starts_on"))
    if facts.practice_starts_on and facts.practice_starts_on > limit:
        message = (
            f"La formation pratique commence plus de {months} mois après le début du contrat : "
            f"le {limit:%d/%m/%Y} au plus tard."
        )
        out.append(block(text, message, "practice_starts_on"))
    if facts.training_starts_on > limit:
        message = (
            f"La formation au CFA commence le {facts.training_starts_on:%d/%m/%Y}, plus de {months} "
            "mois après le début du contrat : rapprochez les deux dates."
        )
        out.append(block(text, message, "training_starts_on"))
    return out


def check_before_contract(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V06: three months at most at the CFA before any contract, at 16 to 29 years.

    After a rupture the CFA goes on for six months (L6231-2 5°): the count starts at the rupture.
    """
    if facts.training_starts_on >= facts.starts_on:
        return []
    months, since = text.values["max_months"], facts.training_starts_on
    if facts.previous_broken and facts.previous_ended_on:
        months = text.values["months_after_break"]
        since = max(since, facts.previous_ended_on)
    found = []
    limit = add_months(since, months)
    if facts.starts_on > limit:
        message = (
            f"L'apprenti suit la formation sans contrat depuis le {since:%d/%m/%Y} : {months} mois "
            f"au plus, soit un contrat le {limit:%d/%m/%Y} au plus tard."
        )
        found.append(block(text, message, "starts_on"))
    age = age_on(facts.born_on, facts.training_starts_on)
    low, high = text.values["min_age"], text.values["max_age"]
    if not facts.previous_broken and not facts.rqth and age > high:
        message = f"Être au CFA sans contrat se peut de {low} à {high} ans, pas à {age} ans."
        found.append(block(text, message, "training_starts_on"))
    return found


def check_end(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V07: the contract covers the training and the last exam, and ends soon after."""
    if facts.last_exam_on and facts.ends_on < facts.last_exam_on:
        message = (
            "Le contrat finit avant la dernière épreuve, le "
            f"{facts.last_exam_on:%d/%m/%Y} : prolongez-le jusque-là."
        )
        return [block(text, message, "ends_on")]
    if facts.ends_on < facts.training_ends_on:
        message = (
            f"Le contrat finit avant la formation (le {facts.training_ends_on:%d/%m/%Y}) : "
            "vérifiez qu'il couvre la dernière épreuve."
        )
        return [warn(text, message, "ends_on")]
    hard, soft = text.values["max_months"], text.values["warn_months"]
    if facts.ends_on > add_months(facts.training_ends_on, hard):
        message = (
            f"Le contrat finit plus de {hard} mois après la formation "
            f"(le {facts.training_ends_on:%d/%m/%Y}) : avancez sa fin."
        )
        return [block(text, message, "ends_on")]
    if facts.ends_on > add_months(facts.training_ends_on, soft):
        message = f"Le contrat finit plus de {soft} mois après la formation : l'OPCO peut refuser."
        return [warn(text, message, "ends_on")]
    return []


def check_duration(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V08: six months to three years, four for a RQTH or an athlete; less after a rupture."""
    low = text.values["min_months"]
    longer = facts.rqth or facts.duration_reason == DurationReason.ATHLETE
    high = text.values["max_months_rqth" if longer else "max_months"]
    after = facts.ends_on + DAY
    excused = facts.duration_reason == DurationReason.BREAK
    if after < add_months(facts.starts_on, low) and not excused:
        message = (
            f"Le contrat dure moins de {low} mois, ce que permet seul un contrat après rupture."
        )
        return [block(text, message, "ends_on")]
    if after > add_months(facts.starts_on, high):
        return [block(text, f"Le contrat dure plus de {high // 12} ans.", "ends_on")]
    return []


def check_cycle(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V09: a contract shorter or longer than the cycle needs a derogation and a convention."""
    months = months_between(facts.starts_on, facts.ends_on)
    # The contract may begin and end a little around the training (V05, V07): only a shorter one,
    # or one longer by more than these margins, is another duration.
    margin = rule_table().on("V07", facts.concluded_on).values["max_months"]
    if facts.cycle_months <= months <= facts.cycle_months + margin:
        return []
    shorter = months < facts.cycle_months
    word = "réduite" if shorter else "allongée"
    if facts.duration_reason in EXCUSED:
        if facts.duration_reason == DurationReason.FAILURE and months > 12:
            message = "Après un échec à l'examen, le contrat dure un an au plus."
            return [block(text, message, "ends_on")]
        return []
    code = DEROGATION_SHORTER if shorter else DEROGATION_LONGER
    if facts.derogation not in (code, DEROGATION_SEVERAL):
        message = (
            f"Durée {word} : {months} mois pour un cycle de {facts.cycle_months}. Choisissez la "
            f"dérogation {code}, ou le motif qui en dispense (échec, contrat après rupture…)."
        )
        return [block(text, message, "derogation")]
    if facts.tripartite_on is None:
        message = (
            f"Durée {word} : datez la convention tripartite que signent le CFA, l'employeur et "
            "l'apprenti, après l'évaluation par le CFA."
        )
        return [block(text, message, "tripartite_on")]
    return []


def check_previous(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V15: the number of the contract before, asked of a succession, needed by an amendment."""
    if facts.contract_type == "11" or facts.previous_number:
        return []
    message = "Indiquez le numéro (DECA) du contrat précédent."
    if facts.is_amendment:
        return [block(text, message, "previous_number")]
    return [warn(text, message, "previous_number")]


def check_amendment(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V16: an amendment takes effect on a day of the contract."""
    if not facts.is_amendment:
        return []
    if facts.amendment_on is None:
        return [block(text, "Datez l'effet de l'avenant.", "effective_on")]
    if not facts.starts_on <= facts.amendment_on <= facts.ends_on:
        message = (
            f"L'avenant prend effet pendant le contrat, du {facts.starts_on:%d/%m/%Y} au "
            f"{facts.ends_on:%d/%m/%Y}."
        )
        return [block(text, message, "effective_on")]
    return []
