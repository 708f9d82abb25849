"""Corrections after the final jury: no one is refused unsaid for want of orals never offered (CONTROLE)."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Event
from evaluations.exam import actions, selectors
from evaluations.exam.actions.marks import OralsMissed
from evaluations.models import ExamRegistration, ExamUnit

from .exam_recipes import type_marks

JURY = date(2026, 7, 2)
REASON = "Erreur de report du procès-verbal"


@pytest.fixture
def world(exam_world):
    return exam_world


def publish(world, marks, *, is_final=True):
    for one in (world.one, world.two, world.three):
        type_marks(world, one, marks if one == world.one else "5 5 5 5 5 5")
    jury = {"session": world.session, "deliberated_on": JURY, "by": world.farid}
    actions.publish_results(**jury)
    if is_final:
        actions.publish_final_results(**jury)


def correct(world, code, text, stage="decided", **more):
    actions.save_exam_mark(
        registration=world.one, code=code, stage=stage, text=text, by=world.farid, reason=REASON, **more
    )  # fmt: skip
    return ExamRegistration.objects.get(pk=world.one.pk)


@pytest.mark.parametrize(
    ("marks", "code", "text", "is_final", "expected"),
    [
        ("10 10 10 10 10 10", "U1", "9", True, None),  # was admitted
        ("8 8 8 9 10 11", "U4", "9,5", True, None),  # professional units 118, then 120.5 for 120
        ("8 8 8 9 10 11", "U4", "9,5", False, "controle"),  # the orals can still be sat
        ("9 9 9 10 10 10", "U1", "8", True, "refuse"),  # were offered, nobody came
        ("10 10 10 10 10 10", "U1", "12", True, "admis"),
        ("10 10 10 10 10 10", "U4", "5", True, "ajourne"),
    ],
)
def test_it_warns_when_the_correction_opens_orals_that_were_never_offered(
    world, marks, code, text, is_final, expected
):
    publish(world, marks, is_final=is_final)
    if expected:
        assert correct(world, code, text).decision == expected
        return
    before = ExamRegistration.objects.get(pk=world.one.pk)
    with pytest.raises(OralsMissed, match=r"règle CONTROLE.*aucun oral ne lui a été proposé"):
        correct(world, code, text)
    unit = ExamUnit.objects.get(registration=world.one, unite__code=code)
    assert unit.decided != float(text.replace(",", "."))
    assert ExamRegistration.objects.get(pk=world.one.pk).verdict == before.verdict
    after = correct(world, code, text, is_confirmed=True)
    assert after.decision == "refuse"
    assert "Aucun oral de contrôle n'a été proposé" in after.verdict["steps"][-1]["sentence"]
    event = Event.objects.get(verb="exam.orals_missed")
    assert (event.subject_id, event.reason) == (str(world.one.uuid), REASON)
    with pytest.raises(OralsMissed):  # still never offered
        correct(world, "U2", "9,5" if code == "U1" else "8,5")
    # The académie holds an oral all the same: its mark makes the result again.
    assert correct(world, "U2", "20", stage="oral").decision == "admis_apres_controle"


def test_after_the_second_deliberation_the_grid_says_what_was_published(world):
    publish(world, "9 9 9 10 10 10", is_final=False)
    assert "Autorisé aux épreuves de contrôle" in results_shown(world)
    actions.publish_final_results(session=world.session, deliberated_on=JURY, by=world.farid)
    published = world.session.registrations.active()
    assert results_shown(world) == [one.get_decision_display() for one in published]


def results_shown(world):
    world.session.refresh_from_db()
    return [row.result for row in selectors.marks_grid(world.session, "decided").rows]


def test_the_page_keeps_what_was_typed_and_asks_to_confirm(world, signed_in):
    publish(world, "10 10 10 10 10 10")
    client, name = signed_in(world.farid), f"{world.one.pk}-U1"
    other = f"{world.two.pk}-U1"
    url = reverse("evaluations:exam_mark_save", args=[world.session.uuid, "decided"])
    typed = {name: "9", f"seen-{name}": "10", other: "31", f"seen-{other}": "5", "reason": REASON}
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "aucun oral ne lui a été proposé" in page
    assert "va de 0 à 20" in page
    assert f'value="{REASON}"' in page
    assert f'name="{name}" value="9"' in page
    assert f'name="{other}" value="31"' in page
    assert f'name="seen-{name}" value="10"' in page
    again = {**typed, other: "5", "confirmed": "1"}
    assert client.post(url, again).status_code == 302
    assert ExamRegistration.objects.get(pk=world.one.pk).decision == "refuse"


def test_a_mark_that_somebody_else_changed_is_never_overwritten_unsaid(world, signed_in):
    """Refused for want of a reason, the form comes back: what moved meanwhile has still to be told."""
    publish(world, "10 10 10 10 10 10")
    client, name = signed_in(world.farid), f"{world.one.pk}-U1"
    url = reverse("evaluations:exam_mark_save", args=[world.session.uuid, "decided"])
    typed = {name: "11", f"seen-{name}": "10"}
    correct(world, "U1", "12")
    unexplained = client.post(url, {**typed, "reason": ""}).content.decode()
    assert f'name="seen-{name}" value="10"' in unexplained
    clash = client.post(url, {**typed, "reason": REASON}).content.decode()
    assert "a été changée pendant votre saisie" in clash
    assert f'name="{name}" value="11"' in clash
    assert f'name="seen-{name}" value="12"' in clash  # told: sent again, it is meant
    assert ExamUnit.objects.get(registration=world.one, unite__code="U1").decided == 12
    assert client.post(url, {name: "11", f"seen-{name}": "12", "reason": REASON}).status_code == 302
    assert ExamUnit.objects.get(registration=world.one, unite__code="U1").decided == 11


def test_the_whole_grid_of_a_large_session_is_sent_at_once(world, signed_in):
    url = reverse("evaluations:exam_mark_save", args=[world.session.uuid, "proposed"])
    name = f"{world.one.pk}-U1"
    others = {f"seen-{pk}-U1": "" for pk in range(2000)}
    answer = signed_in(world.farid).post(url, {**others, name: "11", f"seen-{name}": ""})
    assert answer.status_code == 302
    assert ExamUnit.objects.get(registration=world.one, unite__code="U1").proposed == 11


def test_the_marks_of_a_candidate_are_one_correction(world, signed_in):
    """U1 alone would open the orals; with U2 the candidate stays admitted, and nobody is warned."""
    publish(world, "10 10 10 10 10 10")
    url = reverse("evaluations:exam_mark_save", args=[world.session.uuid, "decided"])
    one, two = f"{world.one.pk}-U1", f"{world.one.pk}-U2"
    typed = {one: "9", f"seen-{one}": "10", two: "11", f"seen-{two}": "10", "reason": REASON}
    assert signed_in(world.farid).post(url, typed).status_code == 302
    assert ExamRegistration.objects.get(pk=world.one.pk).decision == "admis"
    assert not Event.objects.filter(verb="exam.orals_missed").exists()


def test_an_oral_is_corrected_after_the_final_jury_with_its_reason(world, signed_in):
    publish(world, "9 9 9 10 10 10")
    client, name = signed_in(world.farid), f"{world.one.pk}-U1"
    grid = reverse("evaluations:exam_marks", args=[world.session.uuid]) + "?etape=oral"
    assert 'name="reason"' in client.get(grid).content.decode()
    url = reverse("evaluations:exam_mark_save", args=[world.session.uuid, "oral"])
    typed = {name: "20", f"seen-{name}": "", "reason": REASON}
    assert client.post(url, typed).status_code == 302
    found = ExamRegistration.objects.get(pk=world.one.pk)
    assert found.decision == "admis_apres_controle"
    assert name not in signed_in(world.elise).get(grid).content.decode()
