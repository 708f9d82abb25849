from datetime import timedelta
from urllib.parse import urlparse

import pytest
import time_machine
from django.utils import timezone

from accounts import actions
from accounts.enums import Role
from accounts.errors import DomainError, NotAllowed
from accounts.models import Event, Invitation, User

PASSWORD = "une-phrase-longue-2026"


def invite(cast, *, by=None, role=Role.TRAINER, email="ines.marchand@example.org"):
    return actions.invite_person(
        cfa=cast.cfa, email=email, role=role, first_name="Inès", last_name="Marchand",
        by=by or cast.elise,
    )  # fmt: skip


@pytest.fixture
def sent(cast, mailoutbox, django_capture_on_commit_callbacks):
    """An invitation and the secret of its link, as its reader has it."""
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(cast)
    link = next(w for w in mailoutbox[0].body.split() if w.startswith("http"))
    return invitation, urlparse(link).path.strip("/").split("/")[-1]


def test_it_sends_a_link_and_keeps_only_its_hash(sent, mailoutbox):
    invitation, token = sent
    invitation.refresh_from_db()
    assert mailoutbox[0].to == ["ines.marchand@example.org"]
    assert token not in invitation.token_hash
    assert invitation.sent_at
    assert Event.objects.about(invitation).get().verb == "invite_person"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_the_staff_invites_each_role(cast, role):
    assert invite(cast, role=role).role == role


def test_only_an_administrator_names_another(cast):
    with pytest.raises(NotAllowed):
        invite(cast, role=Role.ADMIN)
    assert invite(cast, role=Role.ADMIN, by=cast.farid)


@pytest.mark.parametrize("name", ["aicha", "bruno", "chantal", "gaelle", "auditor"])
def test_nobody_else_invites(cast, name):
    with pytest.raises(NotAllowed):
        invite(cast, by=getattr(cast, name))
    assert not Invitation.objects.exists()


def test_it_refuses_a_role_already_held_and_a_bad_address(cast):
    with pytest.raises(DomainError, match="déjà ce rôle"):
        invite(cast, email="Bruno.Caron@cfa.example")
    with pytest.raises(DomainError, match="adresse e-mail"):
        invite(cast, email="pas une adresse")


def test_it_opens_an_account_once(cast, sent):
    _, token = sent
    user = actions.accept_invitation(token=token, password=PASSWORD)
    assert user.check_password(PASSWORD)
    assert user.memberships.get().role == Role.TRAINER
    with pytest.raises(actions.InvalidInvitation, match="déjà servi"):
        actions.accept_invitation(token=token, password=PASSWORD)


def test_it_refuses_a_weak_password_and_writes_nothing(sent):
    _, token = sent
    with pytest.raises(DomainError):
        actions.accept_invitation(token=token, password="marchand")
    assert not User.objects.filter(email="ines.marchand@example.org").exists()


def test_it_refuses_an_expired_or_forged_link(sent):
    _, token = sent
    with pytest.raises(actions.InvalidInvitation, match="pas valable"):
        actions.find_invitation(token + "x")
    with (
        time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)),
        pytest.raises(actions.InvalidInvitation, match="expiré"),
    ):
        actions.find_invitation(token)


def test_a_renewed_link_replaces_the_former(cast, sent):
    invitation, token = sent
    actions.resend_invitation(invitation=invitation, by=cast.elise)
    assert Invitation.objects.count() == 1
    with pytest.raises(actions.InvalidInvitation, match="pas valable"):
        actions.find_invitation(token)


def test_a_cancelled_link_opens_nothing(cast, sent):
    invitation, token = sent
    actions.cancel_invitation(invitation=invitation, by=cast.elise)
    with pytest.raises(actions.InvalidInvitation, match="annulée"):
        actions.find_invitation(token)


def test_a_known_person_takes_the_role_as_themselves_only(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invite(cast, email=cast.gaelle.email)
    link = next(w for w in mailoutbox[0].body.split() if w.startswith("http"))
    token = link.strip("/").split("/")[-1]
    for somebody in (None, cast.denis):
        with pytest.raises(NotAllowed, match="connectez-vous"):
            actions.accept_invitation(token=token, password=PASSWORD, by=somebody)
    assert actions.accept_invitation(token=token, by=cast.gaelle) == cast.gaelle
    assert cast.gaelle.memberships.count() == 2
    assert cast.gaelle.check_password("motdepasse-de-demo-2026")


def test_a_letter_that_does_not_leave_is_seen(
    cast, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.mail.send_letter", fail)
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(cast)
    invitation.refresh_from_db()
    assert invitation.sent_at is None


def test_the_last_administrator_stays(cast):
    last = cast.membership(cast.farid)
    with pytest.raises(DomainError, match="dernière personne"):
        actions.deactivate_member(membership=last, by=cast.farid)
    with pytest.raises(DomainError, match="dernière personne"):
        actions.change_role(membership=last, role=Role.STAFF, by=cast.farid)


def test_an_administrator_changes_and_takes_away_a_role(cast):
    member = cast.membership(cast.bruno)
    member = actions.change_role(membership=member, role=Role.STAFF, by=cast.farid, reason="Promu")
    assert member.role == Role.STAFF
    member = actions.deactivate_member(membership=member, by=cast.farid)
    assert not member.is_active
    assert actions.activate_member(membership=member, by=cast.farid).is_active
    verbs = [event.verb for event in Event.objects.about(member)]
    assert verbs == ["activate_member", "deactivate_member", "change_role"]


@pytest.mark.parametrize("name", ["elise", "bruno", "gaelle", "auditor"])
def test_only_the_administration_changes_an_access(cast, name):
    with pytest.raises(NotAllowed):
        actions.deactivate_member(membership=cast.membership(cast.bruno), by=getattr(cast, name))


def test_the_history_stays_as_written(cast):
    invite(cast)
    event = Event.objects.first()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        Event.objects.all().delete()
