"""Averages, bulletin and livret scolaire as plain values: the same for the screen and the PDF."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import Cfa, User
from apprentices.models import Cohort, Enrolment
from programmes.models import Epreuve, Subject

from ..enums import Opinion
from ..models import ExamRegistration, LivretScolaire, Mark, PastSession
from .drawing import class_graph
from .rules import Spread, average, on_class_at_10, show, show_cell
from .rules import Weighted as WeightedMark
from .selectors import (
    Averages,
    appreciations,
    averages,
    own_marks,
    roster,
    semesters_of,
)

SECOND_YEAR = (3, 4)


def spread_text(klass: Spread) -> dict[str, str]:
    return {"mean": show(klass.mean), "low": show(klass.low), "high": show(klass.high)}


# --- averages of a cohort ------------------------------------------------------------------------


@dataclass(frozen=True)
class Heat:
    """One average, with its shade: 0 under 8, 1 under 10, 2 under 12, 3 from 12."""

    text: str
    shade: int


def heat(value: Fraction | None) -> Heat:
    if value is None:
        return Heat("–", 2)
    return Heat(show(value), 0 if value < 8 else 1 if value < 10 else 2 if value < 12 else 3)


def averages_table(cohort: Cohort, number: int) -> dict[str, Any]:
    """Each apprentice's averages by subject, by unit taught in several subjects, and general."""
    found = averages(cohort, [number])
    period = next(one for one in semesters_of(cohort) if one.number == number)
    people = roster(cohort, period)
    subjects = [one for one in found.subjects if found.by_subject.get(one.pk)]
    units = [code for code in found.units() if sum(one.unite_code == code for one in subjects) > 1]
    rows = [
        (
            person,
            [heat(found.subject(one, person.pk)) for one in subjects]
            + [heat(found.unit(code, person.pk)) for code in units]
            + [heat(found.general(person.pk))],
        )
        for person in people
    ]
    spreads = [found.subject_spread(one) for one in subjects]
    spreads += [found.unit_spread(code) for code in units] + [found.general_spread()]
    return {
        "heads": [one.short_title for one in subjects]
        + [f"Unité {code}" for code in units]
        + ["Générale"],
        "rows": rows,
        "foot": [
            (label, [show(getattr(one, name)) for one in spreads])
            for label, name in (
                ("Classe, moyenne", "mean"),
                ("Minimum", "low"),
                ("Maximum", "high"),
            )
        ],
        "is_empty": not subjects,
    }


def subject_figures(cohort: Cohort, number: int, subject: Subject | None) -> dict[int, str]:
    """The average beside which an appreciation is written: the subject's, or the general one."""
    found = averages(cohort, [number])
    if subject:
        return {pk: show(v) for pk, v in found.by_subject.get(subject.pk, {}).items()}
    return {pk: show(found.general(pk)) for pk in found.enrolment_ids}


# --- bulletin ------------------------------------------------------------------------------------


class Bulletins:
    """The bulletins of one semester of a cohort: the class is read once."""

    def __init__(self, cohort: Cohort, number: int):
        self.cohort, self.number = cohort, number
        self.found = averages(cohort, [number])
        self.words = appreciations(cohort, number)
        self.period = next(one for one in semesters_of(cohort) if one.number == number)
        self.size = len(roster(cohort, self.period))

    def context(self, enrolment: Enrolment) -> dict[str, Any]:
        """What one bulletin says, as plain values."""
        found, pk = self.found, enrolment.pk
        lines = [
            {
                "title": one.title,
                "unite": one.unite_code,
                "average": show(found.subject(one, pk)),
                "klass": spread_text(found.subject_spread(one)),
                "appreciation": self.words.get((pk, one.pk), ""),
            }
            for one in found.subjects
        ]
        units = [
            {
                "code": code,
                "title": found.epreuves[code].title,
                "coefficient": show(found.epreuves[code].coefficient),
                "average": show(found.unit(code, pk)),
                "klass": spread_text(found.unit_spread(code)),
            }
            for code in found.units()
        ]
        return {
            **identity(enrolment),
            "semester": self.number,
            "starts_on": f"{self.period.starts_on:%d/%m/%Y}",
            "ends_on": f"{self.period.ends_on:%d/%m/%Y}",
            "size": self.size,
            "lines": lines,
            "units": units,
            "general": show(found.general(pk)),
            "general_class": spread_text(found.general_spread()),
            "council": self.words.get((pk, None), ""),
        }


def identity(enrolment: Enrolment) -> dict[str, Any]:
    person, cohort = enrolment.apprentice, enrolment.cohort
    referentiel = cohort.programme.referentiel
    return {
        "apprentice": {
            "name": f"{person.first_name} {person.usage_name or person.last_name}",
            "last_name": person.last_name,
            "usage_name": person.usage_name,
            "first_name": person.first_name,
            "born_on": f"{person.born_on:%d/%m/%Y}",
            "sex": person.sex,
        },
        "cohort": cohort.name,
        "diploma": f"{referentiel.diploma} {referentiel.title}",
        "session": cohort.programme.session,
    }


# --- livret scolaire -----------------------------------------------------------------------------


class LivretsScolaires:
    """The livrets scolaires of a cohort: four semesters read once (exam-rules 4.6)."""

    def __init__(self, cohort: Cohort):
        self.cohort = cohort
        self.by_semester = {n: averages(cohort, [n]) for n in (1, 2, 3, 4)}
        self.second_year = averages(cohort, SECOND_YEAR)
        self.words = {n: appreciations(cohort, n) for n in (1, 2, 3, 4)}
        self.epreuves = sorted(
            self.second_year.epreuves.values(), key=lambda one: (one.position, one.pk)
        )
        self.added = {
            one.enrolment_id: one for one in LivretScolaire.objects.filter(enrolment__cohort=cohort)
        }
        # Given by the académie when the candidate is registered to the session of the course.
        self.numbers = dict(
            ExamRegistration.objects.active()
            .filter(enrolment__cohort=cohort, session__year=cohort.programme.session)
            .values_list("enrolment", "candidate_number")
        )
        self.past = list(PastSession.objects.filter(cfa=cohort.cfa)[:3])

    def context(self, enrolment: Enrolment) -> dict[str, Any]:
        """One livret, titles in the order of the règlement d'examen, then what is taught without a unit."""
        added = self.added.get(enrolment.pk)
        rows = [self._unit(one, enrolment.pk) for one in self.epreuves if self._taught(one)]
        others = [
            {"title": one.title, "appreciation": self._latest(enrolment.pk, [one])}
            for one in self.second_year.subjects
            if not one.unite_code
        ]
        points = [
            (
                row["code"],
                on_class_at_10(
                    self.second_year.unit(row["code"], enrolment.pk),
                    self.second_year.unit_spread(row["code"]).mean,
                ),
            )
            for row in rows
        ]
        return {
            **identity(enrolment),
            "rows": rows,
            "others": others,
            "graph": class_graph(points),
            "graph_rows": [{"code": code, "value": show(value)} for code, value in points],
            "opinion": added.get_opinion_display() if added and added.opinion else "",
            "text": added.text if added else "",
            "candidate_number": self.numbers.get(enrolment.pk, ""),
            "statistics": self.statistics(),
            "past": [
                {
                    "session": one.session,
                    "presented": one.presented,
                    "admitted": one.admitted,
                    "rate": show(Fraction(100 * one.admitted, one.presented), 0)
                    if one.presented
                    else "",
                }
                for one in self.past
            ],
        }

    def statistics(self) -> dict[str, Any]:
        """How many of the class received each opinion."""
        given = [one.opinion for one in self.added.values() if one.opinion]
        total = len(roster(self.cohort))
        return {
            "size": total,
            "opinions": [
                {
                    "label": label,
                    "count": given.count(value),
                    "share": show(Fraction(100 * given.count(value), total), 0) if total else "",
                }
                for value, label in Opinion.choices
            ],
        }

    def _taught(self, epreuve: Epreuve) -> bool:
        code = epreuve.unite.code
        return any(one.unite_code == code for one in self.second_year.subjects)

    def _unit(self, epreuve: Epreuve, pk: int) -> dict[str, Any]:
        code = epreuve.unite.code
        subjects = [one for one in self.second_year.subjects if one.unite_code == code]
        return {
            "code": code,
            "title": epreuve.title,
            "coefficient": show(epreuve.coefficient),
            "semesters": [show(self.by_semester[n].unit(code, pk)) for n in (1, 2, 3, 4)],
            "second_year": show(self.second_year.unit(code, pk)),
            "klass": show(self.second_year.unit_spread(code).mean),
            "appreciation": self._latest(pk, subjects),
        }

    def _latest(self, pk: int, subjects: list[Subject]) -> str:
        """The last words written in the second year, else in the first."""
        for number in (4, 3, 2, 1):
            words = [self.words[number].get((pk, one.pk), "") for one in subjects]
            if any(words):
                return "\n".join(one for one in words if one)
        return ""


def missing_in_livret(context: dict[str, Any]) -> list[str]:
    """The compulsory rubrics (exam-rules 4.6) that are still empty, one sentence each."""
    missing = [
        f"{row['code']} : aucune appréciation."
        for row in context["rows"]
        if not row["appreciation"]
    ]
    missing += [
        f"{row['code']} : aucune note en seconde année."
        for row in context["rows"]
        if not row["second_year"]
    ]
    if not context["opinion"]:
        missing.append("L'avis de l'équipe n'est pas donné.")
    if not context["past"]:
        missing.append("Les résultats des sessions antérieures ne sont pas saisis.")
    return missing


# --- an apprentice's own marks -------------------------------------------------------------------


def own_semesters(user: User, cfa: Cfa) -> list[dict[str, Any]]:
    """What an apprentice sees: visible marks by semester and subject, with the class's average."""
    found: dict[tuple[int, int], dict[int, list[Mark]]] = {}
    cohorts: dict[int, Cohort] = {}
    for mark in own_marks(user, cfa).select_related("assessment__period__cohort"):
        period, subject = mark.assessment.period, mark.assessment.subject
        cohorts[period.cohort_id] = period.cohort
        found.setdefault((period.cohort_id, period.number), {}).setdefault(subject.pk, []).append(
            mark
        )
    result = []
    for (cohort_id, number), subjects in sorted(found.items(), reverse=True):
        visible = _visible_averages(cohorts[cohort_id], number)
        result.append(
            {
                "title": f"Semestre {number}",
                "cohort": cohorts[cohort_id].name,
                "subjects": [_own_subject(marks, visible) for marks in subjects.values()],
            }
        )
    return result


def _visible_averages(cohort: Cohort, number: int) -> Averages:
    return averages(cohort, [number], only_visible=True)


def _own_subject(marks: list[Mark], visible: Averages) -> dict[str, Any]:
    subject = marks[0].assessment.subject
    weighted = [
        WeightedMark(one.value, one.assessment.scale, one.assessment.coefficient)
        for one in marks
        if one.value is not None
    ]
    return {
        "title": subject.title,
        "average": show(average(weighted)),
        "klass": spread_text(visible.subject_spread(subject)),
        "marks": [
            {
                "title": one.assessment.title,
                "held_on": one.assessment.held_on,
                "text": one.get_status_display()
                if one.value is None
                else f"{show_cell(one.status, one.value)} / {show(one.assessment.scale)}",
                "coefficient": show(one.assessment.coefficient),
            }
            for one in marks
        ],
    }
