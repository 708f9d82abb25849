"""Who signs: the apprentice's age (V01 to V03), the maître (V10 to V12), the minor (V13, V17, V22)."""

from programmes.calendar_rules import add_months

from ..enums import Over29Reason
from ..pay import age_on
from ..tables import RuleText, rule_table
from .facts import ContractFacts, Finding, block, warn

# Codes of the CERFA's box "type de dérogation" (notice 51649).
DEROGATION_UNDER_16 = "11"
DEROGATION_OVER_29 = "12"
DEROGATION_SEVERAL = "50"
# Reasons of V03 that hold only until 35 years, and within a year of the contract before.
LIMITED_REASONS = (Over29Reason.HIGHER, Over29Reason.BROKEN)


def check_age(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V01: 16 to 29 completed years at the start of the apprenticeship; the rest is V02 and V03."""
    if facts.born_on >= facts.starts_on:
        return [block(text, "La date de naissance doit précéder le début du contrat.", "")]
    return []


def check_pro_age(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V01 for a professionalisation: 16 to 25 completed years; older, the public is to be verified."""
    if found := check_age(facts, text):
        return found
    age, low, high = facts.age_at_start, text.values["min_age"], text.values["max_age"]
    if age < low:
        message = f"Le salarié aura {age} ans au début du contrat : {low} ans au moins sont exigés."
        return [block(text, message, "starts_on")]
    if age > high:
        message = (
            f"Le salarié aura {age} ans : au-delà de {high} ans, il doit être demandeur d'emploi, "
            "allocataire (RSA, ASS, AAH) ou sortir d'un contrat aidé. Gardez-en la preuve."
        )
        return [warn(text, message, "starts_on")]
    return []


def check_under_16(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V02: 15 years when the first cycle (fin de 3e) is finished, with derogation 11."""
    age, v01 = facts.age_at_start, rule_table().on("V01", facts.concluded_on).values
    if age >= v01["min_age"] or facts.born_on >= facts.starts_on:
        return []
    if age < text.values["min_age"]:
        message = (
            f"L'apprenti aura {age} ans au début du contrat : {text.values['min_age']} ans au "
            "moins sont exigés. Repoussez le début."
        )
        return [block(text, message, "starts_on")]
    if facts.derogation not in (DEROGATION_UNDER_16, DEROGATION_SEVERAL):
        message = (
            f"L'apprenti aura {age} ans au début du contrat : choisissez la dérogation 11 "
            "(fin de 3e achevée) ou repoussez le début."
        )
        return [block(text, message, "derogation")]
    return []


def check_over_29(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V03: above 29 years, derogation 12 and one of the six reasons of D6222-1."""
    age, v01 = facts.age_at_start, rule_table().on("V01", facts.concluded_on).values
    if age <= v01["max_age"]:
        return []
    if facts.derogation not in (DEROGATION_OVER_29, DEROGATION_SEVERAL):
        message = (
            f"L'apprenti aura {age} ans au début du contrat, {v01['max_age']} ans révolus au "
            "plus : choisissez la dérogation 12 si sa situation y ouvre droit."
        )
        return [block(text, message, "derogation")]
    if not facts.over_29_reason:
        message = "Indiquez le motif de la dérogation d'âge et gardez-en la preuve."
        return [block(text, message, "over_29_reason")]
    if facts.over_29_reason == Over29Reason.RQTH and not facts.rqth:
        message = "Le motif est la RQTH, mais la fiche de l'apprenti ne la mentionne pas."
        return [block(text, message, "over_29_reason")]
    if facts.over_29_reason in LIMITED_REASONS:
        return _limited_reason(facts, text)
    return []


def _limited_reason(facts: ContractFacts, text: RuleText) -> list[Finding]:
    most, years = text.values["max_age"], text.values["max_years"]
    found = []
    if age_on(facts.born_on, facts.concluded_on) > most:
        message = f"Ce motif ne vaut que jusqu'à {most} ans révolus à la conclusion."
        found.append(block(text, message, "over_29_reason"))
    if facts.previous_ended_on is None:
        message = "Indiquez la fin du contrat précédent : ce motif en dépend."
        found.append(block(text, message, "previous_ended_on"))
    elif facts.concluded_on > add_months(facts.previous_ended_on, 12 * years):
        message = f"Le contrat précédent a fini le {facts.previous_ended_on:%d/%m/%Y}, plus d'un an avant."
        found.append(block(text, message, "previous_ended_on"))
    return found


def check_maitre_quality(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V10: an adult employee, employer or collaborating spouse, volunteer, of guaranteed morality."""
    found = []
    if facts.maitre_born_on is None:
        message = (
            "La date de naissance du maître d'apprentissage est une mention obligatoire du contrat "
            "(R6222-3) : complétez sa fiche."
            if facts.is_apprenticeship
            else "Date de naissance du tuteur à demander : il doit être majeur. Complétez sa fiche."
        )
        found.append(warn(text, message, "maitre"))
    elif age_on(facts.maitre_born_on, facts.concluded_on) < text.values["adult_age"]:
        message = (
            f"{facts.maitre_word.capitalize()} doit être majeur : désignez une autre personne."
        )
        found.append(block(text, message, "maitre"))
    return found


def check_maitre_competence(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V11: a diploma and a year, two years of activity, or what a branch agreement asks."""
    if facts.maitre_competence and facts.maitre_attested:
        return []
    if not facts.is_apprenticeship and facts.maitre_attested:
        return []  # one condition only, two years: there is nothing to choose
    message = (
        f"L'employeur atteste que {facts.maitre_word} remplit les conditions de compétence : "
        "choisissez laquelle et cochez l'attestation."
    )
    field = "maitre_attested" if facts.maitre_competence else "maitre_competence"
    return [block(text, message, field)]


def check_maitre_load(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V12: at most two apprentices at once, and one more whose training is prolonged."""
    limit, others = text.values["max_apprentices"], facts.maitre_other_apprentices
    if facts.duration_reason == "echec" or facts.contract_type == "33":
        allowed = others <= limit
    else:
        allowed = others - min(facts.maitre_prolonged_apprentices, 1) < limit
    if allowed:
        return []
    more = ", un de plus après un échec à l'examen" if facts.is_apprenticeship else ""
    message = (
        f"{facts.maitre_word.capitalize()} suit déjà {others} alternants sur la période : {limit} au "
        f"plus{more}. Désignez une autre personne."
    )
    return [block(text, message, "maitre")]


def check_weekly_hours(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V13: 35 hours for a minor, 40 at most for anybody."""
    minor = facts.age_at_start < text.values["adult_age"]
    if minor and facts.weekly_minutes > text.values["minor_minutes"]:
        message = "Un mineur travaille au plus 35 h par semaine et 8 h par jour."
        return [warn(text, message, "weekly_hours")]
    if facts.weekly_minutes > text.values["max_minutes"]:
        return [warn(text, "Plus de 40 h par semaine : l'OPCO peut refuser.", "weekly_hours")]
    return []


def check_minor(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V17: a minor who is not emancipated signs with a legal representative."""
    minor = age_on(facts.born_on, facts.concluded_on) < text.values["adult_age"]
    if not minor or facts.is_emancipated or facts.has_legal_representative:
        return []
    message = (
        "L'apprenti est mineur à la conclusion : indiquez son représentant légal sur sa fiche "
        "(ou qu'il est émancipé)."
    )
    return [block(text, message, "enrolment")]


def check_boe(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V21: the box "extension BOE" only for someone who is not recognised as RQTH."""
    if facts.extension_boe and facts.rqth:
        message = "« Extension BOE » ne se coche que sans RQTH : décochez-la."
        return [block(text, message, "extension_boe")]
    return []


def check_machines(facts: ContractFacts, text: RuleText) -> list[Finding]:
    """V22: a minor on dangerous machines needs a declaration to the labour inspectorate."""
    if facts.dangerous_machines and facts.age_at_start < text.values["adult_age"]:
        message = (
            "Mineur affecté à des machines dangereuses : l'employeur déclare d'abord la dérogation "
            "à l'inspection du travail."
        )
        return [warn(text, message, "dangerous_machines")]
    return []
