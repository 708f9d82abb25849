from datetime import date
from decimal import Decimal

import pytest

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event, Membership
from evaluations import actions, selectors
from evaluations.enums import EvaluationState
from evaluations.models import CcfEvaluation, CcfLevel
from evaluations.rules import Conflict, Incomplete

from . import recipes


@pytest.fixture
def e4(world):
    return actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)


def lines_of(evaluation, choice=""):
    return selectors.official_lines(evaluation.epreuve, choice)


@pytest.mark.parametrize(
    ("code", "choice", "count"),
    [("e4", "C2", 8), ("e4", "C3", 9), ("e4", "", 6), ("e6", "", 7)],
    ids=["E4-negotiation", "E4-event", "E4-before-the-choice", "E6"],
)
def test_it_has_the_official_lines_of_each_grid(world, code, choice, count):
    """exam-rules 3.4 and 3.5 (AN2025, annexes V-4 and VII-2)."""
    assert len(selectors.official_lines(getattr(world, code), choice)) == count


def test_it_opens_a_ccf_with_two_empty_situations_and_a_history(world, e4):
    assert [situation.code for situation in e4.situations.all()] == ["A", "B"]
    assert e4.state == EvaluationState.DRAFT
    assert Event.objects.about(e4).get().verb == "ccf.started"


def test_it_opens_a_ccf_once(world, e4):
    with pytest.raises(DomainError, match="déjà ouvert"):
        actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.elise)


def test_it_refuses_e5_which_is_never_a_ccf(world):
    with pytest.raises(DomainError, match=r"ne se passe pas en CCF.*REF2018"):
        actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e5, by=world.bruno)


def test_it_refuses_a_ccf_in_a_cfa_that_is_not_habilite(world):
    recipes.take_habilitation(world.cfa)
    with pytest.raises(DomainError, match=r"n'est pas habilité au CCF au 21/11/2026.*REF2018"):
        actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)
    assert not CcfEvaluation.objects.exists()


def test_it_refuses_to_lock_a_ccf_held_outside_the_habilitation(world, e4):
    recipes.fill(e4, world.bruno)
    world.cfa.ccf_habilite_on = date(2026, 11, 1)
    world.cfa.save()
    with pytest.raises(DomainError, match="n'est pas habilité au CCF au 12/10/2026"):
        actions.lock_evaluation(evaluation=e4, by=world.bruno)


@pytest.mark.parametrize("who", ["aicha", "chantal", "denis", "gaelle", "auditor", "stranger"])
def test_it_lets_nobody_else_grade(world, e4, who):
    user = getattr(world, who)
    line = lines_of(e4)[0]
    deeds = [
        lambda: actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e6, by=user),
        lambda: actions.save_situation(evaluation=e4, code="A", by=user, appreciation="x"),
        lambda: actions.save_level(evaluation=e4, line=line, level="S", by=user),
        lambda: actions.propose_mark(evaluation=e4, mark=12, by=user),
        lambda: actions.lock_evaluation(evaluation=e4, by=user),
        lambda: actions.reopen_evaluation(evaluation=e4, by=user, reason="une bonne raison"),
        lambda: actions.request_ccf_pdf(evaluation=e4, by=user),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert Event.objects.about(e4).count() == 1


def test_it_lets_a_tutor_grade_an_apprentice_of_a_cohort_not_taught(world):
    world.cohort.trainers.clear()
    assert actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)


def test_it_stops_a_trainer_who_has_left_the_cfa(world, e4):
    Membership.objects.filter(user=world.bruno).update(is_active=False)
    with pytest.raises(NotAllowed):
        actions.propose_mark(evaluation=e4, mark=12, by=world.bruno)
    assert not CcfEvaluation.objects.visible_to(world.bruno).exists()


def test_it_never_shows_apprentices_their_own_ccf_even_as_staff(world, e4):
    Membership.objects.create(cfa=world.cfa, user=world.aicha, role="staff")
    assert not CcfEvaluation.objects.visible_to(world.aicha).exists()
    with pytest.raises(NotAllowed):
        actions.propose_mark(evaluation=e4, mark=20, by=world.aicha)


def test_it_ticks_changes_and_unticks_a_line(world, e4):
    line = lines_of(e4)[0]
    for level in ("S", "TS", "TS", ""):
        actions.save_level(evaluation=e4, line=line, level=level, by=world.bruno)
    assert not e4.levels.exists()
    changes = Event.objects.about(e4).filter(verb="ccf.level_saved").order_by("pk")
    assert [(e.data["old"], e.data["new"]) for e in changes] == [("", "S"), ("S", "TS"), ("TS", "")]


def test_it_refuses_a_level_that_does_not_exist(world, e4):
    with pytest.raises(DomainError, match="TI, I, S ou TS"):
        actions.save_level(evaluation=e4, line=lines_of(e4)[0], level="XX", by=world.bruno)


def test_it_refuses_a_line_outside_the_candidate_grid(world, e4):
    actions.save_situation(evaluation=e4, code="B", by=world.bruno, choice="C2")
    event_line = next(line for line in lines_of(e4, "C3") if line.competence.code == "C3")
    with pytest.raises(DomainError, match="pas dans la grille"):
        actions.save_level(evaluation=e4, line=event_line, level="S", by=world.bruno)


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        ("A", {"choice": "C2"}, "n'existe pas dans cette situation"),
        ("B", {"choice": "C1"}, "n'existe pas dans cette situation"),
        ("A", {"held_on": date(2026, 1, 4)}, "du 05/01/2026 au 30/06/2027"),
        ("A", {"held_on": date(2027, 7, 1)}, "du 05/01/2026 au 30/06/2027"),
        ("A", {"evaluators": "x" * 301}, "300 caractères"),
        ("A", {"appreciation": "x" * 4001}, "4 000 caractères"),
        ("C", {"appreciation": "x"}, "deux situations"),
    ],
)
def test_it_refuses_a_wrong_situation_and_writes_nothing(world, e4, code, values, words):
    with pytest.raises(DomainError, match=words):
        actions.save_situation(evaluation=e4, code=code, by=world.bruno, **values)
    assert Event.objects.about(e4).count() == 1


def test_it_refuses_to_overwrite_what_a_colleague_has_just_written(world, e4):
    line = lines_of(e4)[0]
    actions.save_level(evaluation=e4, line=line, level="I", by=world.elise, expected="")
    with pytest.raises(Conflict, match="Élise Faure a modifié ce champ") as conflict:
        actions.save_level(evaluation=e4, line=line, level="S", by=world.bruno, expected="")
    assert conflict.value.current == "I"
    actions.save_level(evaluation=e4, line=line, level="S", by=world.bruno, expected="I")
    assert e4.levels.get().level == "S"


def test_it_accepts_the_same_value_from_two_people(world, e4):
    actions.propose_mark(evaluation=e4, mark="12", by=world.elise, expected=None)
    actions.propose_mark(evaluation=e4, mark="12,0", by=world.bruno, expected=None)
    assert Event.objects.about(e4).filter(verb="ccf.mark_proposed").count() == 1


def test_it_lists_all_that_is_missing_before_locking(world, e4):
    with pytest.raises(Incomplete) as refusal:
        actions.lock_evaluation(evaluation=e4, by=world.bruno)
    assert len(refusal.value.missing) == 3 + 3 + 1 + 1 + 1
    e4.refresh_from_db()
    assert e4.state == EvaluationState.DRAFT


def test_it_locks_a_complete_evaluation_and_then_nothing_moves(world, e4):
    recipes.fill(e4, world.bruno)
    locked = actions.lock_evaluation(evaluation=e4, by=world.bruno)
    assert (locked.state, locked.locked_by) == (EvaluationState.LOCKED, world.bruno)
    count = Event.objects.about(e4).count()
    line = lines_of(e4, "C2")[0]
    for deed in (
        lambda: actions.save_situation(evaluation=e4, code="A", by=world.elise, appreciation="x"),
        lambda: actions.save_level(evaluation=e4, line=line, level="TI", by=world.elise),
        lambda: actions.propose_mark(evaluation=e4, mark=1, by=world.farid),
        lambda: actions.lock_evaluation(evaluation=e4, by=world.elise),
    ):
        with pytest.raises(DomainError, match="verrouillée"):
            deed()
    assert Event.objects.about(e4).count() == count


def test_it_drops_the_boxes_of_the_other_choice_when_it_locks_and_says_so(world, e4):
    recipes.fill(e4, world.bruno, choice="C2")
    recipes.fill(e4, world.bruno, choice="C3")
    actions.lock_evaluation(evaluation=e4, by=world.bruno)
    assert e4.levels.count() == 9
    event = Event.objects.about(e4).get(verb="ccf.locked")
    assert set(event.data["dropped"]) == {"Négocier et vendre", "Créer une relation durable"}


def test_it_reopens_for_the_staff_with_a_reason_and_keeps_the_old_state(world, e4):
    recipes.fill(e4, world.bruno, mark="12,5")
    actions.lock_evaluation(evaluation=e4, by=world.bruno)
    with pytest.raises(NotAllowed, match="l'équipe du CFA"):
        actions.reopen_evaluation(evaluation=e4, by=world.bruno, reason="je me suis trompé")
    with pytest.raises(DomainError, match="motif"):
        actions.reopen_evaluation(evaluation=e4, by=world.elise, reason=" oups ")
    actions.reopen_evaluation(evaluation=e4, by=world.elise, reason="Erreur de report de la note")
    e4.refresh_from_db()
    assert (e4.state, e4.locked_by, e4.mark) == (EvaluationState.DRAFT, None, Decimal("12.5"))
    event = Event.objects.about(e4).get(verb="ccf.reopened")
    before = event.data["before"]
    assert (before["mark"], before["locked_by"]) == ("12,5", "Bruno Caron")
    assert before["levels"]["C1.1"] == "S"
    assert before["situations"]["A"]["appreciation"] == "Appréciation A."
    assert event.reason == "Erreur de report de la note"


def test_it_writes_several_fields_or_none(world, e4):
    from evaluations.forms import clean_change

    changes = [
        clean_change(e4, "mark", "13", ""),
        clean_change(e4, "situation-A-appreciation", "x" * 5000, ""),
    ]
    with pytest.raises(DomainError):
        actions.save_changes(evaluation=e4, changes=changes, by=world.bruno)
    e4.refresh_from_db()
    assert e4.mark is None
    assert not CcfLevel.objects.exists()
