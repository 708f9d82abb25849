import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.enums import DocumentState
from documents.rules import (
    CODE_ALPHABET,
    MAX_ATTEMPTS,
    TRANSITIONS,
    Action,
    format_code,
    group_file_name,
    mask_label,
    next_state,
    normalise_code,
    person_file_name,
    retry_delay,
    safe_file_name,
)

ALLOWED = {
    ("queued", "issue"): "issued",
    ("queued", "fail"): "failed",
    ("queued", "cancel"): "cancelled",
    ("failed", "cancel"): "cancelled",
    ("failed", "retry"): "queued",
    ("cancelled", "retry"): "queued",
    ("issued", "replace"): "replaced",
}


@pytest.mark.parametrize("state", DocumentState.values)
@pytest.mark.parametrize("action", list(Action))
def test_it_allows_these_transitions_and_no_other(state, action):
    assert next_state(state, action) == ALLOWED.get((state, action))
    assert len(TRANSITIONS) == len(ALLOWED)


def test_it_never_leaves_the_state_replaced():
    assert all(next_state(DocumentState.REPLACED, action) is None for action in Action)


@given(st.binary(min_size=12, max_size=12))
def test_it_reads_back_any_code_typed_with_lookalikes_and_spaces(data):
    code = format_code(data)
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert normalise_code(code) == code
    assert normalise_code(typed) == code
    assert set(code) <= set(CODE_ALPHABET + "-")


@pytest.mark.parametrize(
    "typed",
    ["", "7K3M", "7K3M-PX0A-9QZU", "7K3M-PX0A-9QZT-1", "7K3M-PX0A-9Q'T", "é" * 12, "\x00" * 12],
)
def test_it_refuses_what_cannot_be_a_code(typed):
    assert normalise_code(typed) is None


def test_it_refuses_to_make_a_code_of_fewer_bytes():
    with pytest.raises(ValueError, match="Twelve"):
        format_code(b"short")


@pytest.mark.parametrize(
    ("last", "first", "kind", "expected"),
    [
        ("Benali", "Aïcha", "Attestation", "BENALI_Aicha_attestation_2027-06-30.pdf"),
        ("Łukasz", "Œdipe", "livret", "LUKASZ_OEdipe_livret_2027-06-30.pdf"),
        ("d'Été Noël", "Jean-Luc", "x", "D-ETE-NOEL_Jean-Luc_x_2027-06-30.pdf"),
        ("../../etc", "a/b", "x", "ETC_a-b_x_2027-06-30.pdf"),
        ("李", "小龙", "attestation", "attestation_2027-06-30.pdf"),
    ],
)
def test_it_names_the_file_of_a_person(last, first, kind, expected):
    assert person_file_name(last, first, kind, date(2027, 6, 30)) == expected


def test_it_names_the_file_of_a_group():
    name = group_file_name("Promotion 2026-2027", "émargement", date(2026, 1, 5))
    assert name == "Promotion-2026-2027_emargement_2026-01-05.pdf"


@given(st.text())
def test_it_makes_any_proposed_name_safe(text):
    name = safe_file_name(text)
    assert set(name) <= set(string.ascii_letters + string.digits + "-_.")
    assert name.endswith(".pdf")
    assert name.count(".") == 1
    assert 5 <= len(name) <= 200


@pytest.mark.parametrize(
    ("label", "masked"),
    [
        ("Aïcha Benali", "A•••• B•••••"),
        ("Jean-Luc d'Été", "J•••-L•• d'É••"),
        ("Promotion 2026", "P•••••••• 2026"),
        ("", ""),
    ],
)
def test_it_shows_initials_and_lengths_only(label, masked):
    assert mask_label(label) == masked


def test_it_waits_longer_after_each_failure_and_stops():
    delays = [retry_delay(n) for n in range(1, MAX_ATTEMPTS)]
    assert delays == sorted(delays)
    assert max(delays) <= timedelta(minutes=1)
    assert retry_delay(MAX_ATTEMPTS) is None
    assert retry_delay(MAX_ATTEMPTS + 5) is None
