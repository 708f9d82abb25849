import pytest
from django.urls import reverse

from accounts import actions
from accounts.enums import Role
from accounts.models import Event, Membership


@pytest.fixture
def root(cast, signed_in):
    cast.farid.is_staff = cast.farid.is_superuser = True
    cast.farid.save()
    actions.invite_person(
        cfa=cast.cfa, email="ines@example.org", role=Role.TRAINER, first_name="Inès",
        last_name="Marchand", by=cast.farid,
    )  # fmt: skip
    return signed_in(cast.farid)


@pytest.mark.parametrize("model", ["user", "cfa", "membership", "invitation", "event"])
def test_each_list_opens_and_searches(root, model):
    response = root.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "a"})
    assert response.status_code == 200


@pytest.mark.parametrize("model", ["event", "invitation"])
def test_it_only_reads_what_actions_write(root, model):
    event = Event.objects.first()
    if model == "event":
        page = reverse("admin:accounts_event_change", args=[event.pk])
        assert root.get(page).status_code == 200
        assert root.post(page, {"verb": "autre"}).status_code == 403
        assert root.post(reverse("admin:accounts_event_delete", args=[event.pk])).status_code == 403
    assert root.get(reverse(f"admin:accounts_{model}_add")).status_code == 403


def test_a_role_given_in_the_admin_has_its_line_of_history(root, cast):
    data = {"cfa": cast.cfa.pk, "user": cast.bruno.pk, "role": Role.STAFF}
    assert root.post(reverse("admin:accounts_membership_add"), data).status_code == 302
    member = Membership.objects.get(user=cast.bruno, role=Role.STAFF)
    assert Event.objects.about(member).get().verb == "add_member"


def test_it_does_not_take_away_the_last_administrator(root, cast):
    member = cast.membership(cast.farid)
    data = {"action": "take_away", "_selected_action": [member.pk]}
    page = root.post(reverse("admin:accounts_membership_changelist"), data, follow=True)
    assert "dernière personne" in page.content.decode()
    member.refresh_from_db()
    assert member.is_active


def test_it_refuses_a_centre_with_false_numbers(root, cast):
    page = reverse("admin:accounts_cfa_change", args=[cast.cfa.pk])
    data = {"name": "LZ", "slug": "lz", "siret": "12345678200011", "uai": "0750001V", "nda": "1"}
    response = root.post(page, data)
    assert response.status_code == 200
    assert {"siret", "uai", "nda"} <= set(response.context["adminform"].form.errors)


def test_a_former_address_opens_nothing_any_more(root, cast):
    page = reverse("admin:accounts_user_change", args=[cast.bruno.pk])
    form = {
        "email": "bruno.ailleurs@cfa.example",
        "first_name": "Bruno",
        "last_name": "Caron",
        "is_active": "on",
    }
    assert root.post(page, form).status_code == 302
    addresses = cast.bruno.emailaddress_set.values_list("email", "verified", "primary")
    assert list(addresses) == [("bruno.ailleurs@cfa.example", True, True)]
