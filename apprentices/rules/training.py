"""The training a contract promises: hours, certification, outer bounds (V18, V19, V23, D6)."""

from decimal import Decimal

from programmes.calendar_rules import months_between, quarter_of_contract_hours

from ..enums import DurationReason
from ..tables import RuleText
from .facts import ContractFacts, Finding, block, hours, warn


def check_hours(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V18: training hours at least a quarter of the contract, and the diploma's minimum."""
    share = text.values["share_percent"]
    quarter = _share(facts, text, share)
    # D7: a contract after a rupture may go under the 25 % (R6222-23-1).
    excused = facts.duration_reason == DurationReason.BREAK
    out = []
    if facts.training_hours < quarter and not excused:
        message = (
            f"{hours(facts.training_hours)} de formation : {hours(quarter)} au moins, soit "
            f"{share} % de la durée du contrat."
        )
        out.append(block(text, message, "training_hours"))
    if facts.training_hours < facts.minimum_hours:
        message = (
            f"{hours(facts.training_hours)} de formation : le diplôme en exige "
            f"{hours(facts.minimum_hours)} au moins pour cette durée."
        )
        out.append(block(text, message, "training_hours"))
    return out + _distance(facts, text)


def _more_than_all(facts: ContractFacts, text: RuleText) -> list[Finding]:
    if facts.distance_hours > facts.training_hours:
        message = "Les heures à distance dépassent le total des heures de formation."
        return [block(text, message, "distance_hours")]
    return []


def _distance(facts: ContractFacts, text: RuleText) -> list[Finding]:
    if found := _more_than_all(facts, text):
        return found
    limit = text.values["distance_percent"]
    if facts.distance_hours * 100 >= facts.training_hours * limit and facts.distance_hours:
        message = f"{limit} % des heures ou plus à distance : le niveau de prise en charge baisse de 20 %."
        return [warn(text, message, "distance_hours")]
    return []


def _share(facts: ContractFacts, text: RuleText, percent: int) -> Decimal:
    return quarter_of_contract_hours(
        facts.starts_on,
        facts.ends_on,
        share=Decimal(percent) / 100,
        hours_per_year=Decimal(text.values["year_hours"]),
    )


def check_pro_hours(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """D6: contrat de professionnalisation, 15 to 25 % of its duration and 150 hours at least."""
    low = max(_share(facts, text, text.values["share_percent"]), Decimal(text.values["min_hours"]))
    high = _share(facts, text, text.values["high_percent"])
    found = []
    if facts.training_hours < low:
        message = f"{hours(facts.training_hours)} de formation : {hours(low)} au moins."
        found.append(block(text, message, "training_hours"))
    elif facts.training_hours > high:
        message = (
            f"{hours(facts.training_hours)} de formation, plus de {text.values['high_percent']} % de "
            f"la durée ({hours(high)}) : un accord de branche doit le permettre."
        )
        found.append(warn(text, message, "training_hours"))
    return found + _more_than_all(facts, text)


def check_pro_duration(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """Contrat de professionnalisation: six to twelve months, longer by branch agreement or public."""
    months = months_between(facts.starts_on, facts.ends_on)
    low, high = text.values["min_months"], text.values["max_months"]
    if not low <= months <= high:
        message = f"Un contrat de professionnalisation dure de {low} à {high} mois, pas {months}."
        return [block(text, message, "ends_on")]
    usual = text.values["usual_months"]
    if months > usual:
        message = (
            f"{months} mois : au-delà de {usual}, un accord de branche ou la situation du salarié doit "
            "le permettre."
        )
        return [warn(text, message, "ends_on")]
    return []


def check_certification(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V19: the RNCP sheet is active at the conclusion, and the code diplôme is its own."""
    found = []
    if facts.rncp_until and facts.rncp_until < facts.concluded_on:
        message = (
            f"La fiche RNCP n'est plus active depuis le {facts.rncp_until:%d/%m/%Y} : aucun contrat "
            "ne se conclut sur elle."
        )
        found.append(block(text, message, "concluded_on"))
    if facts.code_diplome != facts.rncp_code_diplome:
        message = (
            f"Le code diplôme {facts.code_diplome} n'est pas celui de la fiche RNCP "
            f"({facts.rncp_code_diplome})."
        )
        found.append(block(text, message, "enrolment"))
    return found


def check_bounds(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V23: 6 to 54 months of contract, 6 to 48 of training, 9,999 hours: beyond, a slip of the pen."""
    values, found = text.values, []
    months = months_between(facts.starts_on, facts.ends_on)
    short = months < values["min_months"] and facts.duration_reason != DurationReason.BREAK
    if short or months > values["max_months"]:
        message = (
            f"Un contrat de {months} mois : de {values['min_months']} à {values['max_months']}. "
            "Vérifiez les dates."
        )
        found.append(block(text, message, "ends_on"))
    if facts.training_ends_on >= facts.training_starts_on:
        training = months_between(facts.training_starts_on, facts.training_ends_on)
        low, high = values["training_min_months"], values["training_max_months"]
        short = training < low and facts.duration_reason != DurationReason.BREAK
        if short or training > high:
            message = f"Une formation de {training} mois : de {low} à {high}. Vérifiez les dates."
            found.append(block(text, message, "training_starts_on"))
    if facts.training_hours > values["max_hours"]:
        message = f"Plus de {values['max_hours']} heures de formation : vérifiez le nombre."
        found.append(block(text, message, "training_hours"))
    return found
