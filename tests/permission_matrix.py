"""Who gets what on each page: URL name -> expected answer for each role, in words that others extend.

A row is made with the helpers below; `None` means that the page must not be asked in general (it needs
an object: then the row says what a person whose object it is *not* gets, through a random UUID).
Every URL of the project has its row (tests/test_permission_matrix.py), except those of libraries.
"""

from dataclasses import dataclass, field
from uuid import UUID

ROLES = ("visitor", "admin", "staff", "trainer", "apprentice", "maitre", "auditor", "outsider")
# The outsider is another centre's administrator: same answers as `admin` on lists, 404 on objects.
NOBODYS_UUID = UUID("00000000-0000-4000-8000-000000000000")
LOGIN = 302  # a visitor is sent to the sign-in page


@dataclass(frozen=True)
class Row:
    """Expected status for each role; `args` fills the address, `method` is how it is asked."""

    codes: dict[str, int]
    args: dict[str, object] = field(default_factory=dict)
    method: str = "get"


def public(code: int = 200, **options) -> Row:
    """Everybody, signed in or not."""
    return Row(dict.fromkeys(ROLES, code), **options)


def everyone(code: int = 200, **options) -> Row:
    """Every signed-in person."""
    return Row({**dict.fromkeys(ROLES, code), "visitor": LOGIN}, **options)


def only(*roles: str, code: int = 200, **options) -> Row:
    """These roles get `code`, the others the 403 page. "admin" brings the outsider along."""
    allowed = {*roles, "outsider"} if "admin" in roles else set(roles)
    codes = {role: code if role in allowed else 403 for role in ROLES}
    return Row({**codes, "visitor": LOGIN}, **options)


NOBODYS = {"uuid": NOBODYS_UUID}
STAFF = ("admin", "staff")
READERS = (*STAFF, "auditor")
TEAM = (*STAFF, "trainer")
TEAM_READERS = (*READERS, "trainer")
ALL = (*TEAM_READERS, "apprentice", "maitre")

MATRIX: dict[str, Row] = {
    "home": Row({**everyone().codes, "maitre": 302}),
    "accessibility": public(),
    "programmes:referentiel_list": everyone(),
    "programmes:referentiel_detail": everyone(404, args=NOBODYS),
    "programmes:programme_list": everyone(),
    "programmes:programme_detail": everyone(404, args=NOBODYS),
    "programmes:referentiel_copy": only(*STAFF, code=404, args=NOBODYS),
    "programmes:referentiel_file": only(*STAFF, code=404, args=NOBODYS),
    "programmes:referentiel_upload": only(*STAFF, code=404, args=NOBODYS),
    "programmes:referentiel_publish": only(*STAFF, code=404, args=NOBODYS),
    "programmes:programme_conformity": only(*TEAM_READERS, code=404, args=NOBODYS),
    "programmes:finding_accept": only(*STAFF, code=404, args={**NOBODYS, "finding": "ROME"}),
    "programmes:finding_fix": only(
        *STAFF, code=404, args={**NOBODYS, "finding": "ROME"}, method="post"
    ),
    "programmes:acceptance_withdraw": only(
        *STAFF, code=404, args={**NOBODYS, "finding": "ROME"}, method="post"
    ),
    "programmes:programme_create": only(*STAFF),
    "programmes:programme_edit": only(*STAFF, code=404, args=NOBODYS),
    "programmes:programme_hours": only(*STAFF, code=404, args=NOBODYS),
    "programmes:subjects_import": only(*STAFF, code=404, args=NOBODYS),
    "programmes:subjects_export": only(*STAFF, code=404, args=NOBODYS),
    "programmes:programme_duplicate": only(*STAFF, code=404, args=NOBODYS),
    "programmes:programme_publish": only(*STAFF, code=404, args=NOBODYS),
    "programmes:programme_public_list": public(404, args={"slug": "inconnu"}),
    "programmes:programme_public": public(404, args={"cfa": "inconnu", "slug": "inconnu"}),
    "programmes:programme_public_version": public(
        404, args={"cfa": "inconnu", "slug": "inconnu", "number": 1}
    ),
    "programmes:programme_public_pdf": public(
        404, args={"cfa": "inconnu", "slug": "inconnu", "number": 1}
    ),
    "apprentices:apprentice_list": only(*TEAM_READERS),
    "apprentices:apprentice_export": only(*TEAM_READERS, args={"form": "csv"}),
    "apprentices:apprentice_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "apprentices:apprentice_create": only(*STAFF),
    "apprentices:apprentice_edit": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:apprentice_enrol": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:personal_data": everyone(404, args={**NOBODYS, "what": "compte"}),
    "apprentices:nir": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:photo_edit": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:photo_file": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:diploma_add": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:diploma_remove": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contact_add": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:contact_remove": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:maitre_edit": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:commune_options": only(*TEAM_READERS),
    "apprentices:list_export": only(*TEAM_READERS, args={"name": "entreprises", "form": "csv"}),
    "apprentices:application_list": only(*TEAM_READERS),
    "apprentices:application_create": only(*STAFF),
    "apprentices:application_open": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:application_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "apprentices:application_pieces": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:application_interview": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:application_positioning": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:application_decide": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:application_enrol": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:import_list": only(*STAFF),
    "apprentices:import_template": only(*STAFF, args={"kind": "apprentis"}),
    "apprentices:import_detail": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:import_check": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:import_write": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:import_abandon": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:import_problems": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:certificates_issue": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:sifa": only(*STAFF),
    "apprentices:sifa_file": only(*STAFF),
    "apprentices:sifa_problems": only(*STAFF),
    "apprentices:dashboard": only(*STAFF),
    "apprentices:dashboard_file": only(*STAFF, args={"form": "json"}),
    "apprentices:cohort_list": only(*TEAM_READERS),
    "apprentices:cohort_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "apprentices:cohort_create": only(*STAFF),
    "apprentices:cohort_invite": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:cohort_tutors": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:enrolment_end": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:cohort_edit": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:cohort_enrol": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:company_list": only(*TEAM_READERS),
    "apprentices:company_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "apprentices:company_create": only(*STAFF),
    "apprentices:company_edit": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:maitre_create": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:pay_simulate": public(),
    "apprentices:deadline_list": only(*TEAM_READERS),
    "apprentices:invoice_list": only(*STAFF),
    "apprentices:contract_break": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:rupture_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "apprentices:rupture_follow": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:rupture_close": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_funding": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:instalment_invoice": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:instalment_pay": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:rupture_cancel": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:rupture_document": only(
        *STAFF, code=404, args={**NOBODYS, "kind": "acte_rupture"}, method="post"
    ),
    "apprentices:funding_credit": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:amendment_document": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:amendment_create": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:amendment_move": only(
        *STAFF, code=404, args={**NOBODYS, "deed": "sign"}, method="post"
    ),
    "apprentices:contract_document": only(
        *STAFF, code=404, args={**NOBODYS, "kind": "fiche_contrat"}, method="post"
    ),
    "apprentices:contract_list": only(*TEAM_READERS),
    "apprentices:contract_create": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:contract_step": only(*STAFF, code=404, args={**NOBODYS, "step": "contrat"}),
    "apprentices:contract_finish": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_drop": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_employer": only(*STAFF, code=404, args=NOBODYS),
    "apprentices:contract_edit": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_accept": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_refuse": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_reopen": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "apprentices:contract_sign": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "apprentices:contract_transmit": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "health": public(),
    "service_worker": public(),
    "debug_components": public(404),
    "accounts:profile": everyone(),
    "accounts:membership_switch": everyone(400, method="post"),
    "accounts:cfa_edit": only("admin"),
    "accounts:member_list": only(*READERS),
    "accounts:member_edit": only("admin", code=404, args=NOBODYS),
    "accounts:member_invite": only(*STAFF),
    "accounts:invitation_resend": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "accounts:invitation_cancel": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "accounts:invitation_accept": public(404, args={"token": "faux"}),
    "documents:document_list": everyone(),
    "documents:job_list": everyone(),
    "documents:job_detail": everyone(404, args=NOBODYS),
    "documents:job_cancel": everyone(404, args=NOBODYS, method="post"),
    "documents:job_retry": everyone(404, args=NOBODYS, method="post"),
    "documents:job_download": everyone(404, args=NOBODYS),
    "documents:document_detail": everyone(404, args=NOBODYS),
    "documents:document_download": everyone(404, args=NOBODYS),
    "documents:document_retry": everyone(404, args=NOBODYS, method="post"),
    "documents:document_check": public(),
    "documents:document_verify": public(404, args={"code": "FAUX"}),
    "documents:document_preview": only(*READERS, code=404, args={"kind": "faux"}),
    "evaluations:home": only(*TEAM_READERS, code=302),
    "evaluations:ccf_list": only(*TEAM_READERS),
    "evaluations:ccf_start": only(*TEAM, code=400, method="post"),
    "evaluations:ccf_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "evaluations:ccf_save": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:ccf_lock": only(*TEAM, code=404, args=NOBODYS),
    "evaluations:ccf_reopen": only(*STAFF, code=404, args=NOBODYS),
    "evaluations:ccf_pdf": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:exam_simulator": public(),
    "evaluations:planning_board": only(*TEAM_READERS),
    "evaluations:sittings_convene": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:series_plan": only(
        *TEAM, code=404, args={**NOBODYS, "epreuve": "E4", "code": "B"}
    ),
    "evaluations:sitting_plan": only(
        *TEAM, code=404, args={**NOBODYS, "epreuve": "E4", "code": "B"}
    ),
    "evaluations:sitting_cancel": only(*STAFF, code=404, args=NOBODYS),
    "evaluations:sitting_absence": only(*TEAM, code=404, args=NOBODYS),
    "evaluations:sittings_remove": only(
        *TEAM, code=404, args={**NOBODYS, "epreuve": "E4", "code": "B"}, method="post"
    ),
    "evaluations:sitting_came": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:my_exams": only("apprentice"),
    "evaluations:dossier_list": only(*TEAM_READERS),
    "evaluations:dossiers_purge": only(*STAFF, code=302, method="post"),
    "evaluations:dossier_open": only(
        *TEAM, "apprentice", code=404, args={**NOBODYS, "epreuve": "E4"}, method="post"
    ),
    "evaluations:dossier_detail": only(*TEAM_READERS, "apprentice", code=404, args=NOBODYS),
    "evaluations:piece_deposit": only(*TEAM, "apprentice", code=404, args=NOBODYS, method="post"),
    "evaluations:dossier_check": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:piece_download": only(*TEAM_READERS, "apprentice", code=404, args=NOBODYS),
    "evaluations:deadline_set": only(
        *STAFF, code=404, args={**NOBODYS, "epreuve": "E4"}, method="post"
    ),
    "evaluations:jury_file": only(
        *STAFF, code=404, args={**NOBODYS, "epreuve": "E4"}, method="post"
    ),
    "evaluations:jury_publication": only("admin"),
    "evaluations:ccf_sign": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:ccf_sign_other": only(*TEAM, code=404, args=NOBODYS),
    "evaluations:ccf_scan": only(*TEAM_READERS, code=404, args=NOBODYS),
    "evaluations:exam_proof": only(*READERS, code=404, args=NOBODYS),
    "evaluations:fiche_sujet": only(*TEAM, code=404, args=NOBODYS),
    "evaluations:exam_heatmap": only(*TEAM_READERS),
    "evaluations:exam_mine": only("apprentice", "maitre"),
    "evaluations:exam_session_list": only(*READERS),
    "evaluations:exam_session_detail": only(*READERS, code=404, args=NOBODYS),
    "evaluations:exam_session_export": only(*READERS, code=404, args={**NOBODYS, "form": "csv"}),
    "evaluations:exam_register": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:exam_marks": only(*READERS, code=404, args=NOBODYS),
    "evaluations:exam_mark_save": only(
        *STAFF, code=404, args={**NOBODYS, "stage": "decided"}, method="post"
    ),
    "evaluations:exam_marks_paste": only(
        *STAFF, code=404, args={**NOBODYS, "stage": "decided"}, method="post"
    ),
    "evaluations:exam_marks_undo": only(
        *STAFF, code=404, args={**NOBODYS, "stage": "decided"}, method="post"
    ),
    "evaluations:exam_publish": only("admin", code=404, args=NOBODYS),
    "evaluations:exam_adopt": only("admin", code=404, args=NOBODYS, method="post"),
    "evaluations:exam_results": only(*READERS, code=404, args=NOBODYS),
    "evaluations:exam_results_export": only(*READERS, code=404, args={**NOBODYS, "form": "csv"}),
    "evaluations:exam_registration_detail": only(*READERS, code=404, args=NOBODYS),
    "evaluations:exam_registration_confirm": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:exam_registration_withdraw": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:exam_registration_restore": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:exam_result": everyone(404, args=NOBODYS),
    "evaluations:exam_attestation": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:marks_grid": only(*TEAM_READERS),
    "evaluations:my_marks": only("apprentice"),
    "evaluations:marks_averages": only(*TEAM_READERS),
    "evaluations:remarks": only(*TEAM_READERS),
    "evaluations:past_session_save": only(*STAFF, code=302, method="post"),
    "evaluations:marks_save": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:assessment_create": only(*TEAM, code=404, args=NOBODYS),
    "evaluations:reports_issue": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "evaluations:period_close": only(
        *STAFF, code=404, args={**NOBODYS, "number": 1}, method="post"
    ),
    "evaluations:bulletin": only(*TEAM_READERS, code=404, args=NOBODYS),
    "evaluations:livret_scolaire": only(*TEAM_READERS, code=404, args=NOBODYS),
    "evaluations:assessment_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "evaluations:assessment_edit": only(*TEAM, code=404, args=NOBODYS),
    "evaluations:assessment_delete": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:marks_fill": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:marks_paste": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:marks_undo": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "evaluations:mark_history": only(
        *TEAM_READERS, code=404, args={**NOBODYS, "enrolment": NOBODYS_UUID}
    ),
    "attendance:session_list": everyone(302),
    "attendance:my_sessions": only(*TEAM),
    "attendance:planning": only(*TEAM_READERS),
    "attendance:cohort_hours": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:sessions_generate": only(*STAFF, code=404, args=NOBODYS),
    "attendance:session_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:session_edit": only(*STAFF, code=404, args=NOBODYS),
    "attendance:session_move": only(*STAFF, code=404, args=NOBODYS),
    "attendance:session_cancel": only(*STAFF, code=404, args=NOBODYS),
    "attendance:cohort_calendar": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:exception_add": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "attendance:exception_remove": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "attendance:signing_start_edit": only(*STAFF, code=404, args=NOBODYS),
    "attendance:rhythm_edit": only(*STAFF, code=404, args=NOBODYS),
    "attendance:room_list": only(*STAFF),
    "attendance:cohort_gauges": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:makeup_add": only(*STAFF, code=404, args=NOBODYS),
    "attendance:papers_issue": only(*STAFF, code=404, args=NOBODYS),
    "attendance:my_agenda": everyone(),
    "attendance:agenda_make": everyone(302, method="post"),
    "attendance:agenda_revoke": everyone(302, method="post"),
    "attendance:agenda_feed": public(404, args=NOBODYS | {"secret": "0" * 40}),
    "attendance:absence_list": only(*TEAM_READERS),
    "attendance:absence_settle": only(*STAFF, code=404, args=NOBODYS),
    "attendance:my_absences": only("apprentice"),
    "attendance:justification_create": only("apprentice", code=404),
    "attendance:justification_record": only(*STAFF, code=404, args=NOBODYS),
    "attendance:justification_detail": everyone(404, args=NOBODYS),
    "attendance:justification_decide": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "attendance:justification_file": everyone(404, args=NOBODYS),
    "attendance:room_edit": only(*STAFF, code=404, args=NOBODYS),
    "attendance:sheet_open": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "attendance:sheet_list": only(*TEAM_READERS),
    "attendance:sheet_detail": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:presence_list": only(*TEAM, code=404, args=NOBODYS),
    "attendance:sheet_countersign": only(*TEAM, code=404, args=NOBODYS),
    "attendance:sheet_pdf": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "attendance:wall_code": only(*TEAM, code=404, args=NOBODYS),
    "attendance:wall_scan": public(400, args={"token": "nobody"}),
    "attendance:code_enter": only("apprentice"),
    "attendance:own_qr": only("apprentice"),
    "attendance:own_qr_scan": only(*TEAM, code=400, args={"token": "nobody"}),
    "attendance:qr_read": only(*TEAM, code=404, args=NOBODYS),
    "attendance:links_send": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "attendance:link_sign": public(404, args={"token": "nobody"}),
    "attendance:signatures_receive": everyone(400, method="post"),
    "attendance:service_worker": public(),
    "attendance:queued_list": only(*TEAM, code=404, args=NOBODYS),
    "attendance:queued_decide": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "attendance:paper_print": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "attendance:paper_transcribe": only(*TEAM, code=404, args=NOBODYS),
    "attendance:paper_month": only(*STAFF, code=404, args=NOBODYS),
    "attendance:scan_download": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:proof_export": only(*READERS),
    "attendance:doors_edit": only(*STAFF),
    "attendance:guest_add": only(*TEAM, code=404, args=NOBODYS),
    "attendance:sheet_reopen": only(*STAFF, code=404, args=NOBODYS),
    "attendance:trainer_replace": only(*STAFF, code=404, args=NOBODYS),
    "attendance:sheet_proofs": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:signature_proof": only(*TEAM_READERS, code=404, args=NOBODYS),
    "attendance:proof_list": only(*READERS),
    "attendance:proof_verify": only(*STAFF, code=302, method="post"),
    "attendance:presence_sign": only(*TEAM, code=404, args=NOBODYS),
    "attendance:presence_mark": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "attendance:sign": only("apprentice", code=404, args=NOBODYS),
    "attendance:my_attendance": only("apprentice"),
    "attendance:enrolment_attendance": only(*TEAM_READERS, code=404, args=NOBODYS),
    "livret:livret_list": Row({**only(*TEAM_READERS).codes, "maitre": 302}),
    "livret:my_livret": only("apprentice"),
    "livret:maitre_home": only("maitre"),
    "livret:documents_issue": only(*STAFF),
    "livret:maitre_invite": only(*STAFF, code=404, args=NOBODYS),
    "livret:livret_open": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "livret:livret_detail": everyone(404, args=NOBODYS),
    "livret:period_calendar": only(*STAFF, code=404, args=NOBODYS),
    "livret:period_detail": everyone(404, args=NOBODYS),
    "livret:period_sign": everyone(404, args=NOBODYS),
    "livret:period_correction": everyone(404, args=NOBODYS),
    "livret:period_by_hand": only(*TEAM, code=404, args=NOBODYS),
    "livret:task_save": only("apprentice", code=404, args=NOBODYS, method="post"),
    "livret:task_remove": only("apprentice", code=404, args=NOBODYS, method="post"),
    "livret:proof_add": only("apprentice", code=404, args=NOBODYS, method="post"),
    "livret:proof_remove": only("apprentice", code=404, args=NOBODYS, method="post"),
    "livret:proof_file": everyone(404, args=NOBODYS),
    "livret:scan_file": everyone(404, args=NOBODYS),
    "livret:maitre_company": Row({**only("maitre").codes, "maitre": 302}),
    "livret:correction_list": only(*STAFF),
    "livret:review_detail": everyone(404, args=NOBODYS),
    "livret:review_move": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "livret:review_by_hand": only(*TEAM, code=404, args=NOBODYS),
    "livret:review_propose": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "livret:plan_detail": everyone(404, args=NOBODYS),
    "livret:fiche_detail": everyone(404, args=NOBODYS),
    "livret:fiche_create": only("apprentice", code=404, args=NOBODYS, method="post"),
    "livret:fiche_deposit": only("apprentice", code=404, args=NOBODYS, method="post"),
    "livret:livret_follow": only(*TEAM, code=404, args=NOBODYS),
    "livret:livret_seal": only(*STAFF, code=404, args=NOBODYS, method="post"),
    "livret:representative_invite": only(*TEAM, code=404, args=NOBODYS, method="post"),
    "livret:link_review": public(404, args={"token": "faux"}),
    "livret:link_renew": public(422, args={"token": "faux"}, method="post"),
    "livret:link_reading": public(404, args={"token": "faux"}),
    "livret:link_company": public(404, args={"token": "faux"}),
    "livret:link_account": public(404, args={"token": "faux"}, method="post"),
    "livret:link_statement": public(404, args={"token": "faux", **NOBODYS}),
    "livret:link_proof": public(404, args={"token": "faux", **NOBODYS}),
    "livret:link_correction": public(404, args={"token": "faux", **NOBODYS}),
    "livret:link_access": public(404, args={"token": "faux"}),
    "livret:link_detail": public(404, args={"token": "faux", **NOBODYS}),
    "livret:link_sign": public(404, args={"token": "faux", **NOBODYS}),
}
