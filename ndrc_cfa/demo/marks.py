"""Formative marks of the demo: a few assessments per subject and semester, words, an opinion."""

import random
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from evaluations.enums import AssessmentKind
from evaluations.marks import actions, columns, issuing, selectors
from evaluations.models import Assessment
from programmes.models import Epreuve, Subject

TITLES = (
    ("Contrôle de connaissances", AssessmentKind.QUIZ, 1),
    ("Étude de cas", AssessmentKind.CASE, 2),
)
WORDS = (
    "Travail régulier et participation utile au groupe.",
    "Des progrès nets ce semestre, à confirmer à l'écrit.",
    "Bonne maîtrise des notions ; développer l'argumentation.",
    "Résultats fragiles : reprendre les méthodes vues en cours.",
)


def mark_cohort(
    cohort: Cohort, enrolments: list[Enrolment], *, team: dict[str, User], today: date
) -> None:
    """Two assessments per subject in each semester begun, a blank E4, and what the livret needs."""
    rng = random.Random("notes")
    level = {one.pk: rng.gauss(11.5, 2.2) for one in enrolments}
    subjects = list(cohort.programme.subjects.all())
    begun = [one for one in selectors.semesters_of(cohort) if one.starts_on < today]
    for semester in begun:
        last = min(semester.ends_on, today)
        for subject in subjects:
            for rank, (title, kind, weight) in enumerate(TITLES, start=1):
                held_on = semester.starts_on + (last - semester.starts_on) * rank / 3
                assessment = _open(
                    cohort, semester.number, subject, title, kind, weight, held_on, team
                )
                _fill(assessment, enrolments, level, rng, team["bruno"])
        _write_words(cohort, semester.number, subjects, enrolments, rng, team)
    if begun:
        _blank_exam(cohort, begun[-1], subjects, enrolments, level, rng, today=today, team=team)
    for year, presented, admitted in ((today.year - 1, 14, 12), (today.year - 2, 12, 9)):
        issuing.save_past_session(
            cfa=cohort.cfa, session=year, presented=presented, admitted=admitted, by=team["elise"]
        )
    issuing.save_livret_scolaire(
        enrolment=enrolments[0],
        opinion="f",
        text="Candidate sérieuse, à l'aise à l'oral.",
        by=team["bruno"],
    )


def _open(cohort, number, subject: Subject, title, kind, weight, held_on, team) -> Assessment:
    return actions.save_assessment(
        cohort=cohort,
        number=number,
        subject=subject,
        kind=kind,
        title=title,
        held_on=held_on,
        coefficient=Decimal(weight),
        scale=Decimal(20),
        epreuve=None,
        is_visible=True,
        by=team["bruno"],
    )


def _fill(assessment, enrolments, level, rng, by, *, half: bool = False) -> None:
    step = 2 if half else 4
    marks = {}
    for one in enrolments:
        if one.starts_on > assessment.held_on:
            continue
        value = Decimal(round(min(20, max(0, rng.gauss(level[one.pk], 2))) * step)) / step
        marks[one.pk] = "A" if rng.random() < 0.04 else str(value)
    columns.save_marks(columns={assessment: marks}, by=by)


def _write_words(cohort, number, subjects, enrolments, rng, team) -> None:
    for one in enrolments[:3]:
        for subject in [*subjects, None]:
            actions.save_appreciation(
                cohort=cohort,
                number=number,
                enrolment=one,
                subject=subject,
                text=rng.choice(WORDS),
                by=team["bruno"],
            )


def _blank_exam(cohort, semester, subjects, enrolments, level, rng, *, today, team) -> None:
    epreuve = Epreuve.objects.get(referentiel=cohort.programme.referentiel, code="E4")
    subject = next((one for one in subjects if one.unite_code == "U4"), subjects[0])
    assessment = actions.save_assessment(
        cohort=cohort,
        number=semester.number,
        subject=subject,
        kind=AssessmentKind.BLANK_ORAL,
        title="E4 blanche",
        held_on=max(semester.starts_on, today - timedelta(days=3)),
        coefficient=Decimal(2),
        scale=Decimal(20),
        epreuve=epreuve,
        is_visible=True,
        by=team["bruno"],
    )
    _fill(assessment, enrolments, level, rng, team["bruno"], half=True)
