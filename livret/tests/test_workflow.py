"""Whatever three people do to a period in whatever order, what it says stays true."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import DomainError
from livret import rules
from livret.actions import save_section, sign_period
from livret.models import LivretPeriod, PeriodSignature

ORDER = ["apprentice", "maitre", "tutor"]
STATES = ["draft", "apprentice_signed", "maitre_signed", "closed"]
PEOPLE = ("aicha", "chantal", "bruno", "denis", "elise", "gaelle")
ROLE_OF = {"aicha": "apprentice", "chantal": "maitre", "bruno": "tutor"}
FIELDS = ("apprentice_text", "maitre_position", "maitre_text", "tutor_text")
VALUES = st.sampled_from(["", "  ", "expected", "Un texte.", "é" * 5001, "a\r\nb\x00"])
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(PEOPLE), st.sampled_from(FIELDS), VALUES),
        st.tuples(
            st.just("sign"),
            st.sampled_from(PEOPLE),
            st.sampled_from(ORDER),
            st.sampled_from(["", "right", "Denis Escande"]),
        ),
        # The usual way, so that the last states are reached often.
        st.tuples(st.just("whole"), st.sampled_from(list(ROLE_OF)), st.just(""), st.just("right")),
    ),
    max_size=10,
)
FILLED = {
    "apprentice": {"apprentice_text": "Dix clients."},
    "maitre": {"maitre_position": "expected", "maitre_text": "Bien."},
    "tutor": {"tutor_text": "Poursuivre."},
}


def act(place, period, deed) -> None:
    kind, name, what, value = deed
    user = getattr(place.cast, name)
    if kind == "write":
        save_section(period=period, values={what: value}, by=user)
        return
    role = what
    if kind == "whole":
        role = ROLE_OF[name]
        save_section(period=period, values=FILLED[role], by=user)
    typed = f"{user.first_name} {user.last_name}" if value == "right" else value
    sign_period(period=period, role=role, by=user, typed_name=typed)


def state_of(period) -> tuple:
    period = LivretPeriod.objects.get(pk=period.pk)
    content = tuple(sorted((k, str(v)) for k, v in period.content().items()))
    return period.state, content, PeriodSignature.objects.filter(period=period).count()


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=DEEDS)
def test_a_period_is_signed_in_order_by_its_own_people_and_never_changes_after(place, deeds):
    from django.db import transaction

    with transaction.atomic():
        period = place.period
        for deed in deeds:
            before = LivretPeriod.objects.get(pk=period.pk)
            told = state_of(period)
            try:
                act(place, period, deed)
            except DomainError:
                if deed[0] != "whole":  # which is two deeds: the first may have been done
                    assert state_of(period) == told
                continue
            assert deed[1] in ROLE_OF  # the stranger, the staff and the other centre did nothing
            role = ROLE_OF[deed[1]]
            assert rules.can_write(role, before.state)
            after = LivretPeriod.objects.get(pk=period.pk)
            for other in ORDER:
                if other != role:
                    for field in rules.SECTIONS[other]:
                        assert getattr(after, field) == getattr(before, field)
            rows = list(after.signatures.order_by("pk").values_list("role", flat=True))
            assert rows == ORDER[: len(rows)]
            assert STATES[len(rows)] == after.state
            if deed[0] != "write":
                assert after.signatures.get(role=role).text_sha256 == after.digest()
        transaction.set_rollback(True)
