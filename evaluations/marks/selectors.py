"""Reading the formative marks: the grid of a subject, averages of a cohort, one person's marks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from accounts.enums import READING_ROLES
from accounts.models import Event
from apprentices.models import Cohort, Enrolment
from programmes.models import Epreuve, Subject

from ..enums import MarkStatus
from ..models import Appreciation, Assessment, GradingPeriod, Mark
from ..pasting import Person
from .rules import (
    Scale,
    Semester,
    Spread,
    Weighted,
    average,
    mean,
    semesters,
    spread,
    weighted_mean,
)


def scale_of(assessment: Assessment) -> Scale:
    """Half points out of the scale for a blank exam, hundredths elsewhere."""
    step = Decimal("0.5") if assessment.is_blank_exam else Decimal("0.01")
    return Scale(highest=assessment.scale, step=step)


def marked_cohorts(membership):
    """The cohorts of the current CFA whose marks the person reads or enters."""
    cohorts = Cohort.objects.filter(cfa=membership.cfa).select_related(
        "cfa", "programme__referentiel"
    )
    if membership.role in READING_ROLES:
        return cohorts
    return cohorts.filter(trainers=membership.user)


def semesters_of(cohort: Cohort) -> list[Semester]:
    """The four semesters, as written or as the cohort's dates give them."""
    written = {period.number: period for period in cohort.grading_periods.all()}
    return [
        Semester(one.number, written[one.number].starts_on, written[one.number].ends_on)
        if one.number in written
        else one
        for one in semesters(cohort.starts_on, cohort.ends_on)
    ]


def semester_on(cohort: Cohort, day: date) -> int:
    """The number of the semester in which the day falls; the nearest one outside the cohort."""
    found = semesters_of(cohort)
    if day < found[0].starts_on:
        return found[0].number
    return next((one.number for one in found if one.starts_on <= day <= one.ends_on), 4)


def roster(cohort: Cohort, period: GradingPeriod | Semester | None = None) -> list[Enrolment]:
    """The apprentices of the grid, in the order of the register; those who left before are out."""
    enrolments = Enrolment.objects.filter(cohort=cohort).select_related("apprentice", "cohort")
    if period is not None:
        enrolments = enrolments.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=period.starts_on),
            starts_on__lte=period.ends_on,
        )
    return list(enrolments)


def people_of(enrolments: Iterable[Enrolment]) -> list[Person]:
    return [
        Person(
            str(one.pk),
            one.apprentice.usage_name or one.apprentice.last_name,
            one.apprentice.first_name,
            birth_name=one.apprentice.last_name,
        )
        for one in enrolments
    ]


def mark_history(assessment: Assessment, enrolment: Enrolment) -> list[Event]:
    """Each value that the mark had, the latest first."""
    return list(Event.objects.about(assessment).filter(data__enrolment=str(enrolment.uuid)))


# --- averages ------------------------------------------------------------------------------------


@dataclass
class Averages:
    """The averages of a cohort, by subject and enrolment, for one or several semesters."""

    subjects: list[Subject]
    epreuves: dict[str, Epreuve]
    by_subject: dict[int, dict[int, Fraction | None]]  # subject -> enrolment -> average

    def subject(self, subject: Subject, enrolment_id: int) -> Fraction | None:
        return self.by_subject.get(subject.pk, {}).get(enrolment_id)

    def subject_spread(self, subject: Subject) -> Spread:
        return spread(self.by_subject.get(subject.pk, {}).values())

    def units(self) -> list[str]:
        """The codes of the units that the subjects prepare, in the order of the règlement."""
        taught = {subject.unite_code for subject in self.subjects if subject.unite_code}
        return [code for code in self.epreuves if code in taught]

    def unit(self, code: str, enrolment_id: int) -> Fraction | None:
        """A unit taught in several subjects: the mean of their averages."""
        return mean(
            self.subject(subject, enrolment_id)
            for subject in self.subjects
            if subject.unite_code == code
        )

    def unit_spread(self, code: str) -> Spread:
        return spread(self.unit(code, pk) for pk in self.enrolment_ids)

    @property
    def enrolment_ids(self) -> list[int]:
        return sorted({pk for found in self.by_subject.values() for pk in found})

    def general(self, enrolment_id: int) -> Fraction | None:
        """The units by the coefficients of their épreuves; a subject without a unit is left out."""
        return weighted_mean(
            (self.unit(code, enrolment_id), self.epreuves[code].coefficient)
            for code in self.units()
        )

    def general_spread(self) -> Spread:
        return spread(self.general(pk) for pk in self.enrolment_ids)


def averages(cohort: Cohort, numbers: Iterable[int], *, only_visible: bool = False) -> Averages:
    """The averages over some semesters of a cohort, in three queries whatever its size."""
    subjects = list(cohort.programme.subjects.all())
    epreuves = {
        epreuve.unite.code: epreuve
        for epreuve in cohort.programme.referentiel.epreuves.select_related("unite")
    }
    rows = Mark.objects.filter(
        assessment__period__cohort=cohort,
        assessment__period__number__in=list(numbers),
        status=MarkStatus.MARKED,
    )
    if only_visible:
        rows = rows.filter(assessment__is_visible=True)
    values = rows.values_list(
        "assessment__subject",
        "enrolment",
        "value",
        "assessment__scale",
        "assessment__coefficient",
    )
    found: dict[int, dict[int, list[Weighted]]] = defaultdict(lambda: defaultdict(list))
    for subject_id, enrolment_id, value, scale, coefficient in values:
        found[subject_id][enrolment_id].append(Weighted(Decimal(value or 0), scale, coefficient))
    return Averages(
        subjects,
        epreuves,
        {
            subject_id: {pk: average(marks) for pk, marks in people.items()}
            for subject_id, people in found.items()
        },
    )


def appreciations(cohort: Cohort, number: int) -> dict[tuple[int, int | None], str]:
    """The words of one semester, by enrolment and subject (None: the council)."""
    rows = Appreciation.objects.filter(period__cohort=cohort, period__number=number)
    return {
        (enrolment_id, subject_id): text
        for enrolment_id, subject_id, text in rows.values_list("enrolment", "subject", "text")
    }


def own_marks(user, cfa):
    """The marks that an apprentice may see of himself: those of visible assessments only."""
    return (
        Mark.objects.filter(
            enrolment__apprentice__user=user,
            enrolment__cohort__cfa=cfa,
            assessment__is_visible=True,
        )
        .select_related("assessment__subject", "assessment__period")
        .order_by("assessment__period__number", "assessment__subject__position", "pk")
    )
