from django.urls import path

from . import planning_urls, views

app_name = "attendance"
urlpatterns = [
    *planning_urls.urlpatterns,
    path("", views.session_list, name="session_list"),
    path("aujourdhui/", views.my_sessions, name="my_sessions"),
    path("seances/<uuid:uuid>/ouvrir/", views.sheet_open, name="sheet_open"),
    path("feuilles/", views.sheet_list, name="sheet_list"),
    path("feuilles/<uuid:uuid>/", views.sheet_detail, name="sheet_detail"),
    path("feuilles/<uuid:uuid>/signatures/", views.presence_list, name="presence_list"),
    path("feuilles/<uuid:uuid>/contresigner/", views.sheet_countersign, name="sheet_countersign"),
    path("feuilles/<uuid:uuid>/pdf/", views.sheet_pdf, name="sheet_pdf"),
    path("seances/<uuid:uuid>/code/", views.wall_code, name="wall_code"),
    path("salle/<str:token>/", views.wall_scan, name="wall_scan"),
    path("code/", views.code_enter, name="code_enter"),
    path("mon-qr/", views.own_qr, name="own_qr"),
    path("apprenti/<str:token>/", views.own_qr_scan, name="own_qr_scan"),
    path("feuilles/<uuid:uuid>/qr/", views.qr_read, name="qr_read"),
    path("feuilles/<uuid:uuid>/liens/", views.links_send, name="links_send"),
    path("lien/<str:token>/", views.link_sign, name="link_sign"),
    path("reglages/", views.doors_edit, name="doors_edit"),
    path("feuilles/<uuid:uuid>/invite/", views.guest_add, name="guest_add"),
    path("feuilles/<uuid:uuid>/rouvrir/", views.sheet_reopen, name="sheet_reopen"),
    path("feuilles/<uuid:uuid>/preuves/", views.sheet_proofs, name="sheet_proofs"),
    path("signatures/<uuid:uuid>/", views.signature_proof, name="signature_proof"),
    path("preuves/", views.proof_list, name="proof_list"),
    path("preuves/verifier/", views.proof_verify, name="proof_verify"),
    path("presences/<uuid:uuid>/signer/", views.presence_sign, name="presence_sign"),
    path("presences/<uuid:uuid>/noter/", views.presence_mark, name="presence_mark"),
    path("signer/<uuid:uuid>/", views.sign, name="sign"),
    path("mes-heures/", views.my_attendance, name="my_attendance"),
    path("inscriptions/<uuid:uuid>/", views.enrolment_attendance, name="enrolment_attendance"),
]
