"""The technical administration shows every model, finds in it, and writes nothing that the rules protect."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from accounts.readonly import SECRET, ReadOnlyAdmin
from ndrc_cfa.demo import people

OURS = (
    "accounts", "documents", "programmes", "apprentices", "attendance", "evaluations", "livret",
)  # fmt: skip
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
# Written there by an administrator, through the actions where they have rules (accounts/tests/test_admin.py).
WRITTEN = {"accounts.User", "accounts.Cfa", "accounts.Membership"}


def page(model, what: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_every_model_is_there_to_be_searched():
    missing = [m._meta.label for m in MODELS if not admin.site.is_registered(m)]
    blind = [m._meta.label for m in MODELS if not admin.site.get_model_admin(m).search_fields]
    assert (missing, blind) == ([], [])


def test_only_people_centres_and_roles_are_written_there():
    free = {
        m._meta.label
        for m in MODELS
        if not isinstance(admin.site.get_model_admin(m), ReadOnlyAdmin)
    }
    assert free == WRITTEN


@pytest.mark.pages
@pytest.mark.django_db
def test_each_list_and_each_row_opens_on_the_demo_and_shows_no_secret(signed_in):
    call_command("seed_demo", apprentices=2, demi_journees=4, sans_documents=True, verbosity=0)
    farid = User.objects.get(email=people.FARID.email)
    farid.is_staff = farid.is_superuser = True
    farid.save()
    root = signed_in(farid)
    wrong = []
    for model in MODELS:
        answer = root.get(page(model, "changelist"), {"q": "a"})
        if answer.status_code != 200:
            wrong.append(f"{model._meta.label} : liste {answer.status_code}")
        row = model.objects.order_by("pk").first()
        if row is None:
            continue
        answer = root.get(page(model, "change", row.pk))
        text = answer.content.decode()
        if answer.status_code != 200:
            wrong.append(f"{row!r} : {answer.status_code}")
        for field in model._meta.concrete_fields:
            value = str(field.value_from_object(row) or "")
            hidden = any(word in field.name for word in SECRET) and len(value) > 8
            if hidden and not field.choices and value in text:
                wrong.append(f"{model._meta.label}.{field.name} se lit")
        if model._meta.label not in WRITTEN:
            deleted = root.post(page(model, "delete", row.pk), {"post": "yes"})
            changed = root.post(page(model, "change", row.pk), {})
            if {deleted.status_code, changed.status_code} != {403}:
                wrong.append(f"{model._meta.label} : s'écrit")
    assert not wrong, "\n".join(wrong)
