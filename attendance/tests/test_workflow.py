"""Random orders of deeds: no signature is lost, and a closed sheet never changes."""

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import DomainError
from accounts.models import Event
from attendance.actions import (
    countersign_sheet,
    expect_again,
    mark_absent,
    note_times,
    open_sheet,
    sign_presence,
)
from attendance.enums import PresenceState, SheetState
from attendance.models import AttendanceSheet, Presence, Signature

from .recipes import at, own_phone, trainer_device

DEEDS = ("open", "sign_phone", "sign_device", "absent", "excused", "again", "late", "close")
steps = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2)), max_size=14)


def photo(sheet: AttendanceSheet) -> list:
    rows = sheet.presences.order_by("pk").values_list(
        "pk", "state", "signature", "minutes_missed", "reason"
    )
    own = AttendanceSheet.objects.filter(pk=sheet.pk).values_list(
        "state", "closed_at", "closed_by", "trainer_signature", "opened_at"
    )
    return [*rows, *own]


def perform(sheet: AttendanceSheet, deed: str, presence: Presence, bruno, number: int) -> None:
    """One deed; each signature is a new trace."""
    user = presence.enrolment.apprentice.user
    if deed == "open":
        open_sheet(session=sheet.session, by=bruno, at=at(9))
    elif deed == "sign_phone" and user:
        sign_presence(presence=presence, **own_phone(user, number), at=at(9, 5))
    elif deed in ("sign_phone", "sign_device"):
        sign_presence(presence=presence, **trainer_device(bruno, number), at=at(9, 5))
    elif deed in ("absent", "excused"):
        mark_absent(presence=presence, by=bruno, excused=deed == "excused", reason="Motif")
    elif deed == "again":
        expect_again(presence=presence, by=bruno)
    elif deed == "late":
        note_times(presence=presence, by=bruno, arrived_at=time(9, 15))
    else:
        countersign_sheet(sheet=sheet, **trainer_device(bruno, number), at=at(12, 30))


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps, day=st.integers(0, 10_000))
def test_random_orders_never_lose_a_signature_nor_change_a_closed_sheet(school, steps, day):
    from django.db import transaction

    bruno = school.cast.bruno
    with transaction.atomic():
        if school.cohort.enrolments.count() == 1:
            school.enrol("Léa", "Petit")
            school.enrol("Yanis", "Roche")
        sheet = open_sheet(session=school.session(), by=bruno, at=at(8, 55))
        presences = list(sheet.presences.select_related("enrolment__apprentice__user"))
        signed: dict[int, int] = {}
        closed = None
        for number, (deed, who) in enumerate(steps):
            before, history = photo(sheet), Event.objects.count()
            try:
                perform(sheet, deed, presences[who], bruno, number)
            except DomainError:
                assert photo(sheet) == before
                assert Event.objects.count() == history
            else:
                changed = photo(sheet) != before
                assert not (closed and changed)
                if changed:
                    assert Event.objects.count() == history + 1
            for presence in Presence.objects.filter(sheet=sheet):
                if presence.pk in signed:
                    assert presence.signature_id == signed[presence.pk]
                if presence.signature_id:
                    signed[presence.pk] = presence.signature_id
            if (
                closed is None
                and AttendanceSheet.objects.get(pk=sheet.pk).state == SheetState.CLOSED
            ):
                closed = photo(sheet)
                assert not sheet.presences.filter(state=PresenceState.EXPECTED).exists()
        if closed:
            assert photo(sheet) == closed
        assert Signature.objects.count() == len(signed) + bool(closed)
        transaction.set_rollback(True)
