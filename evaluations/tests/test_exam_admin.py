"""The technical administration reads the exam and writes none of it."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from evaluations.models import ExamRegistration, ExamSession, ExamUnit

from .exam_recipes import type_marks


def test_the_exam_is_read_there_and_never_written(exam_world, client, root):
    """No mark, decision nor publication moves around the rules."""
    type_marks(exam_world, exam_world.one, "12 12 12 12 9/12 12")
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
