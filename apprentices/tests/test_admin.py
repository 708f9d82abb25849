"""The back office finds everything of the app, changes nothing of it, and shows no private number."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from apprentices import actions
from apprentices.models import Apprentice, Company

from .recipes import a_class

MODELS = [model._meta.model_name for model in apps.get_app_config("apprentices").get_models()]
NIR = "207049935212339"
SECRET = "Suivi pour un trouble de santé"


@pytest.fixture
def root(cast, signed_in):
    cast.farid.is_staff = cast.farid.is_superuser = True
    cast.farid.save()
    group = a_class(cast)
    person = group.enrolment.apprentice
    actions.record_nir(apprentice=person, number=NIR, by=cast.farid)
    actions.update_apprentice(apprentice=person, rqth=True, adjustments=SECRET, by=cast.farid)
    return signed_in(cast.farid)


@pytest.mark.django_db
def test_every_model_is_found_filtered_and_never_written(root):
    for name in MODELS:
        changelist = root.get(reverse(f"admin:apprentices_{name}_changelist"), {"q": "a"})
        assert changelist.status_code == 200, name
        assert root.get(reverse(f"admin:apprentices_{name}_add")).status_code == 403, name
    for model in apps.get_app_config("apprentices").get_models():
        shown = admin.site._registry[model]
        assert shown.search_fields, model
        assert shown.list_filter, model


@pytest.mark.django_db
def test_no_page_shows_the_nir_or_what_concerns_health(root):
    person = Apprentice.objects.exclude(nir_encrypted="").get()
    for model in apps.get_app_config("apprentices").get_models():
        name = model._meta.model_name
        for row in model.objects.all():
            page = root.get(reverse(f"admin:apprentices_{name}_change", args=[row.pk]))
            assert page.status_code == 200, name
            html = page.content.decode()
            for private in (NIR, NIR[:13], person.nir_encrypted, SECRET):
                assert private not in html, name
    company = Company.objects.first()
    url = reverse("admin:apprentices_company_change", args=[company.pk])
    assert root.post(url, {"name": "Autre"}).status_code == 403
    assert "événements de cette fiche" in root.get(url).content.decode()
