"""What people and machines meet when a server of ours does not answer, or the fault is ours."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisDown

from ndrc_cfa import nightly
from ndrc_cfa.testing import StrictClient


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (OperationalError("down"), 503, "interrompu"),
        (RedisDown("down"), 503, "interrompu"),
        (ValueError("ours"), 500, "enregistrée"),
    ],
)
def test_a_fault_is_a_page_that_says_what_to_do(db, monkeypatch, fault, status, said):
    def fail(*args: object) -> None:
        raise fault

    monkeypatch.setattr("ndrc_cfa.views.render", fail)
    client = StrictClient(raise_request_exception=False)
    response = client.get(reverse("accessibility"))
    assert response.status_code == status
    assert said in response.content.decode()
    assert ("Retry-After" in response) == (status == 503)


def test_the_health_page_says_that_the_database_is_gone(db, client, monkeypatch):
    def fail() -> None:
        raise OperationalError("down")

    monkeypatch.setattr("ndrc_cfa.views.connection", SimpleNamespace(cursor=fail))
    assert client.get(reverse("health")).status_code == 503


@pytest.mark.django_db
def test_a_task_that_finds_no_broker_fails_nobodys_deed(
    monkeypatch, django_capture_on_commit_callbacks
):
    tried = []

    def fail(*args: object, **kwargs: object) -> None:
        tried.append(args)
        raise RedisDown("down")

    monkeypatch.setattr(nightly.follow_contracts, "apply_async", fail)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        nightly.follow_contracts.delay_on_commit()
    assert len(tried) == 1  # asked, refused, and nothing was raised


def test_ended_sessions_are_forgotten_with_their_addresses(cast, signed_in):
    ended, kept = (signed_in(cast.elise).session.session_key for _ in range(2))
    for key in (ended, kept):
        UserSession.objects.create(
            user=cast.elise, session_key=key, ip="203.0.113.9", user_agent=""
        )
    Session.objects.filter(pk=ended).update(expire_date=timezone.now() - timedelta(hours=1))
    nightly.forget_sessions()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [kept]
