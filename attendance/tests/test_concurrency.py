"""Two people at once, on a real database server."""

import threading

import pytest
from django.db import connection

from accounts.errors import DomainError
from attendance.actions import countersign_sheet, open_sheet, sign_presence
from attendance.enums import PresenceState
from attendance.models import AttendanceSheet, Signature
from attendance.proofs.verify import verify

from .recipes import at, own_phone, trainer_device

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def together(*deeds) -> list:
    """Run the deeds at the same moment; what each gave back or raised."""
    barrier = threading.Barrier(len(deeds))
    results: list = [None] * len(deeds)

    def run(place, deed):
        barrier.wait()
        try:
            results[place] = deed()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture
def sheet(school):
    return open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))


def test_signing_twice_at_once_counts_once(school, sheet):
    presence = school.presence(sheet)
    results = together(
        *(
            lambda seed=seed: sign_presence(
                presence=presence, **own_phone(school.cast.aicha, seed), at=at(9, 2)
            )
            for seed in range(4)
        )
    )
    assert sum(isinstance(result, DomainError) for result in results) == 3
    assert Signature.objects.count() == 1


def test_opening_twice_at_once_gives_one_sheet(school):
    session = school.session()
    deed = lambda: open_sheet(session=session, by=school.cast.bruno, at=at(9))  # noqa: E731
    results = together(deed, deed, deed)
    assert {result.pk for result in results} == {AttendanceSheet.objects.get().pk}
    assert AttendanceSheet.objects.get().presences.count() == 1


def test_signing_while_the_trainer_closes_is_one_or_the_other(school, sheet):
    presence = school.presence(sheet)
    signed, closed = together(
        lambda: sign_presence(presence=presence, **own_phone(school.cast.aicha), at=at(12, 30)),
        lambda: countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30)),
    )
    assert isinstance(closed, AttendanceSheet)
    presence.refresh_from_db()
    lost = isinstance(signed, DomainError)
    assert presence.state == (PresenceState.ABSENT if lost else PresenceState.PRESENT)
    assert Signature.objects.count() == (1 if lost else 2)


def test_two_closings_at_once_close_once(school, sheet):
    """Two windows of the trainer, or the trainer and whoever holds that account elsewhere."""
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))
    results = together(
        *(
            lambda seed=seed: countersign_sheet(
                sheet=sheet, **trainer_device(school.cast.bruno, seed), at=at(12, 30)
            )
            for seed in (1, 2)
        )
    )
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [str(error) for error in refused] == ["La feuille est déjà contresignée et close."]
    assert sheet.versions.count() == 1
    assert Signature.objects.count() == 2
    assert verify(school.cast.cfa).problems == []
