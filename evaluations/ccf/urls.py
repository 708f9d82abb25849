"""Addresses of the CCF's organisation."""

from django.urls import path

from . import views, views_dossiers, views_sheets

urlpatterns = [
    path("ccf/planning/", views.planning_board, name="planning_board"),
    path("ccf/planning/<uuid:uuid>/convoquer/", views.sittings_convene, name="sittings_convene"),
    path(
        "ccf/planning/<uuid:uuid>/<str:epreuve>/<str:code>/", views.series_plan, name="series_plan"
    ),
    path(
        "ccf/planning/<uuid:uuid>/<str:epreuve>/<str:code>/retirer/",
        views.sittings_remove,
        name="sittings_remove",
    ),
    path(
        "ccf/inscriptions/<uuid:uuid>/<str:epreuve>/<str:code>/",
        views.sitting_plan,
        name="sitting_plan",
    ),
    path("ccf/passages/<uuid:uuid>/annuler/", views.sitting_cancel, name="sitting_cancel"),
    path("ccf/passages/<uuid:uuid>/absence/", views.sitting_absence, name="sitting_absence"),
    path("ccf/passages/<uuid:uuid>/absence/retirer/", views.sitting_came, name="sitting_came"),
    path("ccf/mes-epreuves/", views_dossiers.my_exams, name="my_exams"),
    path("ccf/dossiers/", views_dossiers.dossier_list, name="dossier_list"),
    path("ccf/dossiers/supprimer/", views_dossiers.dossiers_purge, name="dossiers_purge"),
    path(
        "ccf/dossiers/ouvrir/<uuid:uuid>/<str:epreuve>/",
        views_dossiers.dossier_open,
        name="dossier_open",
    ),
    path("ccf/dossiers/<uuid:uuid>/", views_dossiers.dossier_detail, name="dossier_detail"),
    path("ccf/dossiers/<uuid:uuid>/deposer/", views_dossiers.piece_deposit, name="piece_deposit"),
    path("ccf/dossiers/<uuid:uuid>/controler/", views_dossiers.dossier_check, name="dossier_check"),
    path("ccf/pieces/<uuid:uuid>/", views_dossiers.piece_download, name="piece_download"),
    path(
        "ccf/promotions/<uuid:uuid>/<str:epreuve>/depot/",
        views_dossiers.deadline_set,
        name="deadline_set",
    ),
    path(
        "ccf/promotions/<uuid:uuid>/<str:epreuve>/jury/",
        views_dossiers.jury_file,
        name="jury_file",
    ),
    path("ccf/publication/", views_dossiers.jury_publication, name="jury_publication"),
    path("ccf/<uuid:uuid>/signer/", views_sheets.ccf_sign, name="ccf_sign"),
    path("ccf/<uuid:uuid>/signer/autre/", views_sheets.ccf_sign_other, name="ccf_sign_other"),
    path("ccf/scans/<uuid:uuid>/", views_sheets.ccf_scan, name="ccf_scan"),
    path("ccf/<uuid:uuid>/fiche-sujet/", views_sheets.fiche_sujet, name="fiche_sujet"),
]
