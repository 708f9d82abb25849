"""What people do to cohorts, apprentices, companies and contracts: one function per deed."""

from .cohorts import create_cohort, enrol_apprentice, update_cohort
from .contacts import add_contact, remove_contact
from .contracts import (
    ContractRefused,
    create_contract,
    sign_contract,
    transmit_contract,
    update_contract,
)
from .identity import forget_nir, record_diploma, record_nir, remove_diploma, reveal_nir
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
    "add_contact",
    "create_apprentice",
    "create_cohort",
    "create_company",
    "create_contract",
    "create_maitre",
    "enrol_apprentice",
    "forget_nir",
    "link_account",
    "record_diploma",
    "record_nir",
    "remove_contact",
    "remove_diploma",
    "reveal_nir",
    "sign_contract",
    "transmit_contract",
    "update_apprentice",
    "update_cohort",
    "update_company",
    "update_contract",
    "update_maitre",
]
