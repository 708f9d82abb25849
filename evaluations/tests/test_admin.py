import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from evaluations import actions
from evaluations.models import (
    CcfEvaluation,
    CcfLevel,
    CcfSituation,
    ExamRegistration,
    ExamSession,
    ExamUnit,
)

from . import recipes
from .exam_recipes import exam_world, type_marks


@pytest.fixture
def root(db):
    return User.objects.create_superuser(
        "racine@example.org", recipes.PASSWORD, first_name="Farid", last_name="Garnier"
    )


@pytest.mark.parametrize("model", [CcfEvaluation, CcfSituation, CcfLevel])
@pytest.mark.parametrize("locked", [True])
def test_it_reads_everything_and_changes_nothing(world, root, client, model, locked):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    recipes.fill(evaluation, world.bruno)
    if locked:
        actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    client.force_login(root, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = f"admin:evaluations_{model._meta.model_name}"
    one = model.objects.first()
    assert client.get(reverse(f"{name}_changelist"), {"q": "Benali"}).status_code == 200
    page = reverse(f"{name}_change", args=[one.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"mark": "1"}).status_code == 403
    assert client.get(reverse(f"{name}_add")).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[one.pk]), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=one.pk).exists()
    assert admin.site._registry[model].search_fields


def test_the_exam_is_read_there_and_never_written(db, root, client):
    """No mark, decision nor publication moves around the rules."""
    world = exam_world()
    type_marks(world, world.one, "12 12 12 12 9/12 12")
    client.force_login(root, backend="allauth.account.auth_backends.AuthenticationBackend")
    for model in apps.get_app_config("evaluations").get_models():
        if model not in admin.site._registry:
            continue
        name = f"admin:evaluations_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist"), {"q": "Benali"}).status_code == 200
        assert client.get(reverse(f"{name}_add")).status_code == 403
        assert admin.site._registry[model].search_fields
    for model in (ExamSession, ExamRegistration, ExamUnit):
        page = reverse(
            f"admin:evaluations_{model._meta.model_name}_change", args=[model.objects.first().pk]
        )
        assert client.get(page).status_code == 200
        assert client.post(page, {"decided": "20", "decision": "admis"}).status_code == 403
        assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
