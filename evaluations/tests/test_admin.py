from django.contrib import admin
from django.urls import reverse

from evaluations import actions
from evaluations.models import CcfEvaluation, CcfLevel, CcfSituation

from . import recipes


def test_it_reads_everything_and_changes_nothing(world, root, client):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    recipes.fill(evaluation, world.bruno)
    actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    client.force_login(root, backend="allauth.account.auth_backends.AuthenticationBackend")
    for model in (CcfEvaluation, CcfSituation, CcfLevel):
        name = f"admin:evaluations_{model._meta.model_name}"
        one = model.objects.first()
        page, deletion = (reverse(f"{name}_{what}", args=[one.pk]) for what in ("change", "delete"))
        assert client.get(reverse(f"{name}_changelist"), {"q": "Benali"}).status_code == 200
        assert client.get(page).status_code == 200
        assert client.post(page, {"mark": "1"}).status_code == 403
        assert client.get(reverse(f"{name}_add")).status_code == 403
        assert client.post(deletion, {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=one.pk).exists()
        assert admin.site._registry[model].search_fields
