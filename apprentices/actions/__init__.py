"""What people do to cohorts, apprentices, companies and contracts: one function per deed."""

from .addresses import follow_address
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
from .amendments import create_amendment, move_amendment, sign_amendment
from .certificates import issue_certificates
from .cohorts import create_cohort, enrol_apprentice, update_cohort
from .contacts import add_contact, remove_contact
from .contract_documents import (
    request_amendment_document,
    request_contract_document,
    request_rupture_document,
)
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
from .deadlines import remind_deadlines
from .enrolments import assign_tutors, end_enrolment
from .funding import credit_year, invoice_instalment, pay_instalment, set_funding
from .identity import (
    forget_nir,
    record_diploma,
    record_nir,
    record_photo,
    remove_diploma,
    remove_photo,
    reveal_nir,
)
from .imports import abandon_import, check_import, receive_import, write_import
from .invitations import invite_cohort
from .people import (
    create_apprentice,
    create_company,
    create_maitre,
    link_account,
    update_apprentice,
    update_company,
    update_maitre,
)
from .personal_data import request_personal_data
from .retention import forget_contacts
from .ruptures import break_contract, cancel_rupture, close_rupture, follow_rupture
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
    "assign_tutors",
    "break_contract",
    "cancel_rupture",
    "check_import",
    "close_rupture",
    "correct_contract",
    "create_amendment",
    "create_apprentice",
    "create_candidate",
    "create_cohort",
    "create_company",
    "create_contract",
    "create_maitre",
    "credit_year",
    "decide",
    "drop_draft",
    "end_enrolment",
    "enrol_admitted",
    "enrol_apprentice",
    "finish_draft",
    "follow_address",
    "follow_calendar",
    "follow_rupture",
    "forget_contacts",
    "forget_nir",
    "gate_of",
    "invite_cohort",
    "invoice_instalment",
    "issue_certificates",
    "link_account",
    "move_amendment",
    "pay_instalment",
    "places_of",
    "receive_import",
    "receive_pieces",
    "record_diploma",
    "record_interview",
    "record_nir",
    "record_photo",
    "record_positioning",
    "refuse_contract",
    "remind_deadlines",
    "remove_contact",
    "remove_diploma",
    "remove_photo",
    "reopen_contract",
    "request_amendment_document",
    "request_contract_document",
    "request_personal_data",
    "request_rupture_document",
    "reveal_nir",
    "save_draft",
    "set_funding",
    "set_sifa",
    "sign_amendment",
    "sign_contract",
    "transmit_contract",
    "update_apprentice",
    "update_cohort",
    "update_company",
    "update_contract",
    "update_maitre",
    "write_import",
]
