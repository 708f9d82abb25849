from django.urls import include, path

from .contract_urls import contract_urls
from .views import (
    apprentices,
    certificates,
    cohorts,
    companies,
    exports,
    identity,
    personal_data,
    surveys,
)

app_name = "apprentices"

urlpatterns = [
    path("", apprentices.apprentice_list, name="apprentice_list"),
    path("export.<str:form>", apprentices.apprentice_export, name="apprentice_export"),
    path("nouveau/", apprentices.apprentice_create, name="apprentice_create"),
    path("<uuid:uuid>/", apprentices.apprentice_detail, name="apprentice_detail"),
    path("<uuid:uuid>/modifier/", apprentices.apprentice_edit, name="apprentice_edit"),
    path("<uuid:uuid>/inscrire/", apprentices.apprentice_enrol, name="apprentice_enrol"),
    path("donnees/<str:what>/<uuid:uuid>/", personal_data.personal_data, name="personal_data"),
    path("<uuid:uuid>/nir/", identity.nir, name="nir"),
    path("<uuid:uuid>/photo/", identity.photo_edit, name="photo_edit"),
    path("<uuid:uuid>/photo/image/", identity.photo_file, name="photo_file"),
    path("<uuid:uuid>/diplomes/ajouter/", identity.diploma_add, name="diploma_add"),
    path("diplomes/<uuid:uuid>/retirer/", identity.diploma_remove, name="diploma_remove"),
    path("listes/<str:name>.<str:form>", exports.list_export, name="list_export"),
    path("communes/", identity.commune_options, name="commune_options"),
    path("candidatures/", include("apprentices.admission.urls")),
    path("imports/", include("apprentices.imports.urls")),
    path("enquetes/sifa/", surveys.sifa_page, name="sifa"),
    path("enquetes/sifa/fichier/", surveys.sifa_file, name="sifa_file"),
    path("enquetes/sifa/problemes/", surveys.sifa_problems, name="sifa_problems"),
    path("enquetes/tableau-de-bord/", surveys.dashboard_page, name="dashboard"),
    path(
        "enquetes/tableau-de-bord/fichier.<str:form>",
        surveys.dashboard_file,
        name="dashboard_file",
    ),
    path("promotions/", cohorts.cohort_list, name="cohort_list"),
    path("promotions/nouvelle/", cohorts.cohort_create, name="cohort_create"),
    path("promotions/<uuid:uuid>/", cohorts.cohort_detail, name="cohort_detail"),
    path("promotions/<uuid:uuid>/modifier/", cohorts.cohort_edit, name="cohort_edit"),
    path(
        "promotions/<uuid:uuid>/certificats/",
        certificates.certificates_issue,
        name="certificates_issue",
    ),
    path("promotions/<uuid:uuid>/inviter/", cohorts.cohort_invite, name="cohort_invite"),
    path("promotions/<uuid:uuid>/inscrire/", cohorts.cohort_enrol, name="cohort_enrol"),
    path("entreprises/", companies.company_list, name="company_list"),
    path("entreprises/nouvelle/", companies.company_create, name="company_create"),
    path("entreprises/<uuid:uuid>/", companies.company_detail, name="company_detail"),
    path("entreprises/<uuid:uuid>/modifier/", companies.company_edit, name="company_edit"),
    path("entreprises/<uuid:uuid>/maitres/nouveau/", companies.maitre_create, name="maitre_create"),
    path("entreprises/<uuid:uuid>/contacts/nouveau/", identity.contact_add, name="contact_add"),
    path("contacts/<uuid:uuid>/retirer/", identity.contact_remove, name="contact_remove"),
    path("maitres/<uuid:uuid>/modifier/", companies.maitre_edit, name="maitre_edit"),
    path("", include(contract_urls)),
]
