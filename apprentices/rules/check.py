"""Every check of a contract, in the order of the identifiers (V01 to V23).

V20 is a deadline (apprentices/deadlines.py); articles and thresholds are in data/contract.toml, dated.
"""

from collections.abc import Callable

from ..tables import PayTables, RuleTable, RuleText, pay_tables, rule_table
from . import dates, people, training
from .facts import ContractFacts, Finding, block
from .remuneration import check_pay

Check = Callable[[ContractFacts, RuleText], list[Finding]]

CHECKS: dict[str, Check] = {
    "V01": people.check_age,
    "V02": people.check_under_16,
    "V03": people.check_over_29,
    "V04": dates.check_conclusion,
    "V05": dates.check_practice,
    "V06": dates.check_before_contract,
    "V07": dates.check_end,
    "V08": dates.check_duration,
    "V09": dates.check_cycle,
    "V10": people.check_maitre_quality,
    "V11": people.check_maitre_competence,
    "V12": people.check_maitre_load,
    "V13": people.check_weekly_hours,
    "V15": dates.check_previous,
    "V16": dates.check_amendment,
    "V17": people.check_minor,
    "V18": training.check_hours,
    "V19": training.check_certification,
    "V21": people.check_boe,
    "V22": people.check_machines,
    "V23": training.check_bounds,
}
# The contrat de professionnalisation has its own public, duration and hours; what it shares with the
# apprenticeship is held against its own lines of data/contract.toml.
PRO_CHECKS: dict[str, Check] = {
    "V01": people.check_pro_age,
    "V07": dates.check_end,
    "V10": people.check_maitre_quality,
    "V11": people.check_maitre_competence,
    "V12": people.check_maitre_load,
    "V13": people.check_weekly_hours,
    "V17": people.check_minor,
    "V19": training.check_certification,
    "D6": training.check_pro_hours,
    "PRO": training.check_pro_duration,
}


def check_contract(
    facts: ContractFacts, *, rules: RuleTable | None = None, tables: PayTables | None = None
) -> tuple[Finding, ...]:
    """Every finding on a contract, in the order of the identifiers."""
    rules = rules or rule_table()

    def text_of(rule_id: str) -> RuleText:
        return rules.on(rule_id, facts.concluded_on, facts.kind)

    if facts.ends_on <= facts.starts_on:
        message = "La fin du contrat doit suivre son début."
        return (block(text_of("V08" if facts.is_apprenticeship else "PRO"), message, "ends_on"),)
    found: list[Finding] = []
    for rule_id, check in (CHECKS if facts.is_apprenticeship else PRO_CHECKS).items():
        found += check(facts, text_of(rule_id))
    found += check_pay(facts, text_of("V14"), tables or pay_tables())
    return tuple(sorted(found, key=lambda f: f.id))
