"""What the evaluations app holds about a person (RGPD, articles 15 and 20).

The secrecy of docs/rules/ccf.md stands: nothing of a CCF and no mark of the exam before the publication of
the jury's deliberation, whoever asks; never the grid, nor what the commission keeps for itself.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.personal import Area, Of, Person, Section, declare
from apprentices.models import Enrolment

from .ccf.publication import is_published
from .enums import EvaluationState, SittingState
from .models import (
    Appreciation,
    CcfDossier,
    CcfEvaluation,
    CcfMember,
    CcfSignature,
    CcfSitting,
    CcfSituation,
    DossierPiece,
    ExamRegistration,
    ExamUnit,
    FicheSujet,
    LivretScolaire,
    Mark,
    ReceivedFile,
    Report,
)


def _published(person: Person) -> list[Enrolment]:
    """The enrolments whose session has a public deliberation."""
    today = timezone.localdate()
    return [
        one
        for one in Enrolment.objects.filter(apprentice=person.apprentice).select_related(
            "cohort__cfa", "cohort__programme"
        )
        if is_published(one.cohort.cfa, one.cohort.programme.session, today)
    ]


def _training(person: Person) -> Iterable[Section]:
    one = person.apprentice

    def more(mark: Mark) -> dict[str, Any]:
        work = mark.assessment
        return {
            "date": work.held_on,
            "matière": str(work.subject or work.epreuve or ""),
            "barème": work.scale,
            "coefficient": work.coefficient,
        }

    marks = Mark.objects.filter(enrolment__apprentice=one, assessment__is_visible=True)
    yield Section(
        "Notes de formation",
        marks.select_related("assessment__subject", "assessment__epreuve", "marked_by").order_by(
            "assessment__held_on", "pk"
        ),
        leave=("enrolment",),
        more=more,
    )
    yield Section("Appréciations", Appreciation.objects.filter(enrolment__apprentice=one))
    # A livret scolaire, without a semester, goes to the jury.
    open_ = Q(period__isnull=False) | Q(enrolment__in=_published(person))
    reports = Report.objects.filter(open_, enrolment__apprentice=one)
    yield Section("Bulletins et livret scolaire", reports)


def _exam(person: Person) -> Iterable[Section]:
    one = person.apprentice
    open_ = _published(person)
    registrations = ExamRegistration.objects.filter(enrolment__apprentice=one)
    results = ("decision", "points", "coefficients", "average", "verdict", "document")
    yield Section("Résultats publiés", registrations.filter(session__published_at__isnull=False))
    yield Section(
        "Inscriptions sans résultat publié",
        registrations.filter(session__published_at=None),
        leave=results,
        with_history=False,  # each mark typed has its line
    )
    # What the jury decided is in the published result, frozen: these are its working marks.
    working = ("outcome", "parts", "proposed", "harmonised", "decided", "oral")
    units = ExamUnit.objects.filter(registration__enrolment__apprentice=one)
    yield Section("Unités demandées", units, leave=working)
    proofs = ReceivedFile.objects.filter(registration__enrolment__apprentice=one)
    yield Section("Pièces justificatives", proofs)
    dossiers = CcfDossier.objects.filter(enrolment__apprentice=one)
    yield Section("Dossiers de CCF", dossiers, leave=("remarks", "comment"), with_history=False)
    pieces = DossierPiece.objects.filter(dossier__enrolment__apprentice=one)
    yield Section("Pièces des dossiers de CCF", pieces)
    convened = CcfSitting.objects.filter(
        situation__evaluation__enrolment__apprentice=one,
        state__in=(SittingState.CONVENED, SittingState.CANCELLED),
    )
    yield Section("Convocations", convened)
    sheets = CcfEvaluation.objects.filter(enrolment__in=open_, state=EvaluationState.LOCKED)
    # The PDF of the sheet holds the grid.
    yield Section("CCF publiés", sheets, leave=("indicative_mark", "document"))
    situations = CcfSituation.objects.filter(evaluation__in=sheets)
    yield Section("Situations de CCF publiées", situations)
    subjects = FicheSujet.objects.filter(evaluation__in=sheets)
    yield Section("Fiches-sujets", subjects, leave=("jury", "jury_document"))
    opinions = LivretScolaire.objects.filter(enrolment__in=open_)
    yield Section("Avis du livret scolaire", opinions)


def _commissions(person: Person) -> Iterable[Section]:
    """Where one sat and signed: never the candidate, nor anything of the evaluation."""

    def sat(member: CcfMember) -> dict[str, Any]:
        sitting = member.sitting
        code = sitting.situation.evaluation.epreuve.code
        return {"date": sitting.starts_at, "épreuve": f"{code}, situation {sitting.situation.code}"}

    mine = Q(user=person.user_pk) | Q(user=None, email__in=person.emails)
    seats = CcfMember.objects.filter(
        mine, sitting__situation__evaluation__enrolment__cohort__cfa=person.cfa
    ).select_related("sitting__situation__evaluation__epreuve")
    yield Section("Commissions de CCF", seats, only=("name", "kind", "email"), more=sat)
    signed = CcfSignature.objects.filter(
        user=person.user_pk, situation__evaluation__enrolment__cohort__cfa=person.cfa
    )
    told = ("name", "manner", "strokes", "typed_name", "signed_at")
    yield Section("Signatures de fiches de CCF", signed, only=told)


declare(
    Area("notes", "Notes de formation", _training),
    Area("examen", "Examen et CCF", _exam),
    Area("commissions", "Commissions de CCF", _commissions, of=Of.WORK),
    apart={
        "evaluations.CcfLevel": "la grille, à l'usage exclusif de la commission",
        "evaluations.CcfMember": "les membres de la commission, des tiers",
        "evaluations.CcfSignature": "les signatures des membres de la commission, des tiers",
    },
)
