"""Who takes no CCF beside those who do: registered in the ponctuel form, a mark kept, a unit dispensed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apprentices.models import Enrolment
from programmes.enums import Categorie
from programmes.selectors import categorie_of_cfa

from ..exam.enums import EXAM_DAY, EXAM_MONTH, Plan
from ..models import ExamRegistration, ExamUnit

WORDS = {Plan.KEPT: "Note conservée", Plan.DISPENSED: "Dispensé"}
PONCTUEL = "Ponctuel"
# What the candidate reads of a unit that he does not sit.
NOTHING_TO_SIT = {WORDS[Plan.KEPT]: "Note conservée : rien à passer", WORDS[Plan.DISPENSED]: "Dispense : rien à passer"}  # fmt: skip


@dataclass(frozen=True)
class Outside:
    """The candidates outside the CCF, by their latest registration to the exam."""

    ponctuel: frozenset[int] = frozenset()  # enrolments
    units: frozenset[tuple[int, str, str]] = frozenset()  # (enrolment, épreuve code, plan)

    def why(self, enrolment: int, epreuve: str) -> str:
        """The word that takes the place of a CCF, or nothing."""
        if enrolment in self.ponctuel:
            return PONCTUEL
        return next((word for plan, word in WORDS.items() if (enrolment, epreuve, plan) in self.units), "")  # fmt: skip


def outside_ccf(enrolments: Iterable[Enrolment]) -> Outside:
    """Two queries, whatever the number of candidates."""
    registrations = ExamRegistration.objects.active().filter(enrolment__in=list(enrolments))
    latest: dict[int, tuple[int, str]] = {
        enrolment: (pk, categorie)
        for pk, enrolment, categorie in registrations.order_by("session__year").values_list(
            "pk", "enrolment", "categorie"
        )
    }
    if not latest:
        return Outside()
    units = ExamUnit.objects.filter(registration__in=[pk for pk, _ in latest.values()])
    return Outside(
        frozenset(key for key, (_, kind) in latest.items() if kind == Categorie.PONCTUEL),
        frozenset(
            units.exclude(plan=Plan.SIT).values_list(
                "registration__enrolment", "unite__epreuve__code", "plan"
            )
        ),
    )


def categorie_of_candidate(enrolment: Enrolment) -> str:
    """The column of the règlement d'examen: that of the registration, else the CFA's at the exam."""
    found = ExamRegistration.objects.active().filter(enrolment=enrolment)
    kind = found.order_by("-session__year").values_list("categorie", flat=True).first()
    if kind:
        return kind
    cohort = enrolment.cohort
    return categorie_of_cfa(cohort.cfa, date(cohort.programme.session, EXAM_MONTH, EXAM_DAY))


def inside(found: QuerySet, path: str = "enrolment") -> QuerySet:
    """Without what concerns a candidate registered in the ponctuel form."""
    latest = ExamRegistration.objects.active().filter(enrolment=OuterRef(path))
    categorie = latest.order_by("-session__year").values("categorie")[:1]
    return found.alias(exam_categorie=Coalesce(Subquery(categorie), Value(""))).exclude(
        exam_categorie=Categorie.PONCTUEL
    )
