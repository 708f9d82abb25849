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
from .certificates import issue_certificates
from .cohorts import create_cohort, enrol_apprentice, update_cohort
from .contacts import add_contact, remove_contact
from .contract_drafts import (
    DraftChanged,
    add_employer,
    correct_contract,
    drop_draft,
    finish_draft,
    save_draft,
)
from .contract_states import (
    accept_contract,
    follow_calendar,
    refuse_contract,
    reopen_contract,
    sign_contract,
    transmit_contract,
)
from .contracts import ContractChanged, ContractRefused, create_contract, update_contract
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
from .surveys import set_sifa

__all__ = [
    "ContractChanged",
    "ContractRefused",
    "DraftChanged",
    "abandon_import",
    "accept_contract",
    "add_contact",
    "add_employer",
    "apply_to_cohort",
    "check_import",
    "correct_contract",
    "create_apprentice",
    "create_candidate",
    "create_cohort",
    "create_company",
    "create_contract",
    "create_maitre",
    "decide",
    "drop_draft",
    "enrol_admitted",
    "enrol_apprentice",
    "finish_draft",
    "follow_calendar",
    "forget_nir",
    "gate_of",
    "issue_certificates",
    "link_account",
    "places_of",
    "receive_import",
    "receive_pieces",
    "record_diploma",
    "record_interview",
    "record_nir",
    "record_positioning",
    "refuse_contract",
    "remove_contact",
    "remove_diploma",
    "reopen_contract",
    "reveal_nir",
    "save_draft",
    "set_sifa",
    "sign_contract",
    "transmit_contract",
    "update_apprentice",
    "update_cohort",
    "update_company",
    "update_contract",
    "update_maitre",
    "write_import",
]
