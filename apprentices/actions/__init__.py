"""What people do to cohorts, apprentices, companies and contracts: one function per deed."""

from .admission import (
    apply_to_cohort,
    create_candidate,
    decide,
    enrol_admitted,
    gate_of,
    places_of,
    receive_pieces,
    record_interview,
    record_positioning,
)
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
from .imports import abandon_import, check_import, receive_import, write_import
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
    "abandon_import",
    "add_contact",
    "apply_to_cohort",
    "check_import",
    "create_apprentice",
    "create_candidate",
    "create_cohort",
    "create_company",
    "create_contract",
    "create_maitre",
    "decide",
    "enrol_admitted",
    "enrol_apprentice",
    "forget_nir",
    "gate_of",
    "link_account",
    "places_of",
    "receive_import",
    "receive_pieces",
    "record_diploma",
    "record_interview",
    "record_nir",
    "record_positioning",
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
    "write_import",
]
