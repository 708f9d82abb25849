"""Any sequence of deeds by anybody keeps an evaluation true to its rules."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from evaluations import actions, selectors
from evaluations.enums import EvaluationState
from evaluations.models import CcfEvaluation

from .recipes import fill

DAYS = st.sampled_from([None, date(2026, 10, 12), date(2026, 12, 25), date(2030, 1, 1)])
WHO = st.sampled_from(["bruno", "elise", "elise", "farid", "aicha", "stranger", "gaelle"])
STEPS = st.one_of(
    st.tuples(st.just("mark"), WHO, st.sampled_from(["12,5", "20", "", "7.25", "21"])),
    st.tuples(st.just("level"), WHO, st.integers(0, 10), st.sampled_from(["TI", "S", "", "Z"])),
    st.tuples(
        st.just("situation"),
        WHO,
        st.sampled_from("AB"),
        DAYS,
        st.sampled_from(["", "C2", "C3", "C4"]),
        st.sampled_from(["", "B. Caron"]),
        st.sampled_from(["", "Très bien mené."]),
    ),
    st.tuples(st.just("complete"), WHO, st.sampled_from(["C2", "C3"])),
    st.tuples(st.just("lock"), WHO),
    st.tuples(st.just("reopen"), WHO, st.sampled_from(["", "Erreur de report"])),
)


class Rollback(Exception):
    """Ends one example: the next starts from the same database."""


def do(world, evaluation, lines, step):
    name, who, *values = step
    by = getattr(world, who)
    if name == "mark":
        actions.propose_mark(evaluation=evaluation, mark=values[0], by=by)
    elif name == "level":
        actions.save_level(evaluation=evaluation, line=lines[values[0]], level=values[1], by=by)
    elif name == "situation":
        code, held_on, choice, evaluators, appreciation = values
        actions.save_situation(
            evaluation=evaluation,
            code=code,
            by=by,
            held_on=held_on,
            choice=choice,
            evaluators=evaluators,
            appreciation=appreciation,
        )
    elif name == "complete":
        for line in selectors.official_lines(
            world.e4, values[0]
        ):  # `fill` leaves no history of them
            actions.save_level(evaluation=evaluation, line=line, level="S", by=by)
        fill(evaluation, by, choice=values[0])
    elif name == "lock":
        actions.lock_evaluation(evaluation=evaluation, by=by)
    else:
        actions.reopen_evaluation(evaluation=evaluation, by=by, reason=values[0])


def picture(evaluation):
    fresh = CcfEvaluation.objects.get(pk=evaluation.pk)
    return (
        fresh.state,
        fresh.mark,
        fresh.locked_by_id,
        sorted(fresh.levels.values_list("line", "level")),
        sorted(fresh.situations.values_list("code", "held_on", "choice", "appreciation")),
    )


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, max_size=12))
@example(
    steps=[("complete", "bruno", "C2"), ("level", "bruno", 0, "TI"), ("complete", "bruno", "C2")]
)
def test_it_keeps_its_rules_whatever_people_do(world, steps):
    try:
        with transaction.atomic():
            evaluation = actions.start_evaluation(
                enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
            )
            lines = [
                *selectors.official_lines(world.e4, "C2"),
                *selectors.official_lines(world.e4, "C3"),
            ]
            for step in steps:
                _check_step(world, evaluation, lines, step)
            raise Rollback
    except Rollback:
        pass


def _check_step(world, evaluation, lines, step):
    before, events = picture(evaluation), Event.objects.about(evaluation).count()
    try:
        do(world, evaluation, lines, step)
        said = ""
    except (DomainError, NotAllowed) as error:
        said = error.message
    refused = bool(said)
    assert not refused or said.endswith((".", "»"))
    after, count = picture(evaluation), Event.objects.about(evaluation).count()
    if refused and step[0] != "complete":
        assert after == before
        assert count == events
    if after != before:
        assert count > events
        assert step[1] not in ("aicha", "stranger", "gaelle")
    if before[0] == EvaluationState.LOCKED and after != before:
        assert step[0] == "reopen"
    if after[0] == EvaluationState.LOCKED:
        choice = next(row[2] for row in after[4] if row[0] == "B")
        assert len(after[3]) == {"C2": 8, "C3": 9}[choice]
        assert after[1] is not None
