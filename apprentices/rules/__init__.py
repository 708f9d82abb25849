"""Checks of a contract and its workflow: values in, findings out.

The identifiers (V01...) are those of docs/rules/contrat.md; articles and thresholds come from
data/contract.toml, dated. Level B refuses the contract, level W warns.
"""

from .check import CHECKS, check_contract
from .facts import ContractFacts, Finding, blocking
from .workflow import AMENDMENT_TRANSITIONS, BINDING, CLOSED, TRANSITIONS, UNSIGNED, next_state

__all__ = [
    "AMENDMENT_TRANSITIONS",
    "BINDING",
    "CHECKS",
    "CLOSED",
    "TRANSITIONS",
    "UNSIGNED",
    "ContractFacts",
    "Finding",
    "blocking",
    "check_contract",
    "next_state",
]
