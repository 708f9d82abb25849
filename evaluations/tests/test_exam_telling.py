"""Who is told that a result is published or corrected: once each, and never what it says."""

from datetime import date
from smtplib import SMTPException

import pytest
from django.core import mail
from django.urls import reverse

from apprentices.models import Contract
from evaluations import tasks
from evaluations.exam import actions, telling
from evaluations.models import ExamRegistration

from .exam_recipes import type_marks

JURY = date(2026, 7, 2)
AICHA, CHANTAL = "aicha@example.org", "chantal@example.org"


@pytest.fixture
def world(exam_world, monkeypatch):
    """The task runs as soon as it is asked for."""
    monkeypatch.setattr(tasks.announce_results, "delay_on_commit", tasks.announce_results)
    return exam_world


def publish(world, marks="9 9 9 10 10 10"):
    for one in (world.one, world.two, world.three):
        type_marks(world, one, marks)
    actions.publish_results(session=world.session, deliberated_on=JURY, by=world.farid)


def publish_final(world):
    actions.publish_final_results(session=world.session, deliberated_on=JURY, by=world.farid)


def correct(world, code, text):
    actions.save_exam_mark(
        registration=world.one, code=code, stage="decided", text=text, by=world.farid,
        reason="Erreur de report du procès-verbal",
    )  # fmt: skip


def told():
    found = sorted(one.to[0] for one in mail.outbox)
    mail.outbox.clear()
    return found


def test_the_letter_gives_a_link_and_neither_mark_nor_decision(world):
    publish(world)
    letter = next(one for one in mail.outbox if one.to == [AICHA])
    assert letter.subject == "Résultat publié\u00a0: BTS NDRC, session 2026"
    link = reverse("evaluations:exam_result", args=[world.one.uuid])
    assert f"{link}\n" in letter.body
    said = f"{letter.subject} {letter.body.replace(link, '')}".lower()
    verdict = ExamRegistration.objects.get(pk=world.one.pk)
    assert verdict.decision == "controle"
    for word in ("contrôle", "admis", "ajourné", "refusé", "9,5", "moyenne"):
        assert word not in said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [AICHA, CHANTAL]),
        ({"contract": {"ends_on": date(2026, 5, 31)}}, [AICHA]),
        ({"chantal": {"is_active": False}}, [AICHA]),
        ({"aicha": {"email": ""}}, [CHANTAL]),
        ({"two": "noe@example.org"}, [AICHA, CHANTAL, "noe@example.org"]),
    ],
    ids=["both", "over_before_the_exam", "account_closed", "no_address", "no_account"],
)
def test_it_writes_to_the_readers_of_the_page(world, change, expected):
    Contract.objects.update(**change.get("contract", {"training_hours": 1350}))
    if "two" in change:
        person = world.two.enrolment.apprentice
        person.email = change["two"]
        person.save()
    for name in ("aicha", "chantal"):
        for field, value in change.get(name, {}).items():
            setattr(getattr(world, name), field, value)
            getattr(world, name).save()
    publish(world)
    assert told() == expected


def test_nobody_is_told_twice_and_a_correction_tells_those_whose_result_changed(world):
    publish(world)
    assert told() == [AICHA, CHANTAL]
    tasks.announce_recent_results()
    assert told() == []
    correct(world, "U1", "12")
    assert {one.subject for one in mail.outbox} == {
        "Résultat mis à jour\u00a0: BTS NDRC, session 2026"
    }
    assert told() == [AICHA, CHANTAL]
    correct(world, "U1", "12")  # nothing changes
    publish_final(world)  # Noé and Zoé were waiting for it, Aïcha was not
    assert told() == []


def test_the_second_jury_tells_who_was_waiting_for_it(world):
    publish(world)
    told()
    publish_final(world)
    assert told() == [AICHA, CHANTAL]


def test_a_letter_that_did_not_leave_is_tried_again_alone(world, monkeypatch):
    send = telling.send_letter

    def refuse(subject, text, to):
        if to == [CHANTAL]:
            raise SMTPException("busy")
        return send(subject, text, to)

    monkeypatch.setattr(telling, "send_letter", refuse)
    publish(world)
    assert told() == [AICHA]
    monkeypatch.setattr(telling, "send_letter", send)
    tasks.announce_recent_results()
    assert told() == [CHANTAL]


def test_nothing_leaves_before_the_publication(world):
    type_marks(world, world.one, "9 9 9 10 10 10")
    tasks.announce_results([world.one.pk])
    assert told() == []
