"""What people do to cohorts, apprentices, companies and contracts: one function per deed."""

from .cohorts import create_cohort, enrol_apprentice, update_cohort
from .contracts import (
    ContractRefused,
    create_contract,
    sign_contract,
    transmit_contract,
    update_contract,
)
from .people import (
    create_apprentice,
    create_company,
    create_maitre,
    link_account,
    update_apprentice,
    update_company,
    update_maitre,
)

__all__ = [
    "ContractRefused",
    "create_apprentice",
    "create_cohort",
    "create_company",
    "create_contract",
    "create_maitre",
    "enrol_apprentice",
    "link_account",
    "sign_contract",
    "transmit_contract",
    "update_apprentice",
    "update_cohort",
    "update_company",
    "update_contract",
    "update_maitre",
]
