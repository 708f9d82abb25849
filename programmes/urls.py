from django.urls import path

from . import views

app_name = "programmes"

urlpatterns = [
    path("", views.programme_list, name="programme_list"),
    path("nouveau/", views.programme_create, name="programme_create"),
    path("referentiels/", views.referentiel_list, name="referentiel_list"),
    path("referentiels/<uuid:uuid>/", views.referentiel_detail, name="referentiel_detail"),
    path("referentiels/<uuid:uuid>/copier/", views.referentiel_copy, name="referentiel_copy"),
    path("referentiels/<uuid:uuid>/fichier/", views.referentiel_file, name="referentiel_file"),
    path("referentiels/<uuid:uuid>/deposer/", views.referentiel_upload, name="referentiel_upload"),
    path(
        "referentiels/<uuid:uuid>/publier/", views.referentiel_publish, name="referentiel_publish"
    ),
    path("public/<slug:slug>/", views.programme_public_list, name="programme_public_list"),
    path(
        "public/<slug:cfa>/<slug:slug>/",
        views.programme_public,
        {"number": None},
        name="programme_public",
    ),
    path(
        "public/<slug:cfa>/<slug:slug>/v<int:number>/",
        views.programme_public,
        name="programme_public_version",
    ),
    path(
        "public/<slug:cfa>/<slug:slug>/v<int:number>/pdf/",
        views.programme_public_pdf,
        name="programme_public_pdf",
    ),
    path("<uuid:uuid>/", views.programme_detail, name="programme_detail"),
    path("<uuid:uuid>/conformite/", views.programme_conformity, name="programme_conformity"),
    path(
        "<uuid:uuid>/conformite/<slug:finding>/accepter/",
        views.finding_accept,
        name="finding_accept",
    ),
    path(
        "<uuid:uuid>/conformite/<slug:finding>/corriger/",
        views.finding_fix,
        name="finding_fix",
    ),
    path(
        "<uuid:uuid>/conformite/<slug:finding>/retirer/",
        views.acceptance_withdraw,
        name="acceptance_withdraw",
    ),
    path("<uuid:uuid>/modifier/", views.programme_edit, name="programme_edit"),
    path("<uuid:uuid>/heures/", views.programme_hours, name="programme_hours"),
    path("<uuid:uuid>/importer/", views.subjects_import, name="subjects_import"),
    path("<uuid:uuid>/modele.xlsx", views.subjects_export, name="subjects_export"),
    path("<uuid:uuid>/dupliquer/", views.programme_duplicate, name="programme_duplicate"),
    path("<uuid:uuid>/publier/", views.programme_publish, name="programme_publish"),
]
