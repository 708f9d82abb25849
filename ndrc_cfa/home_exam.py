"""What the exam asks today of the staff and of the trainers: registrations, convocations, dossiers, CCF."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from evaluations.ccf.concerned import inside, outside_ccf
from evaluations.enums import DossierState, EvaluationState, SittingState
from evaluations.exam.enums import RegistrationState
from evaluations.exam.presenters import KINDS
from evaluations.keeping import due
from evaluations.models import (
    CcfDeadline,
    CcfDossier,
    CcfEvaluation,
    CcfSitting,
    DossierPiece,
    ExamRegistration,
)

from .home_tasks import Task, count_and_first, plural

AHEAD = timedelta(days=14)


def exam_tasks(cfa, today: date) -> list[Task | None]:
    """The cards of the staff, in the order of the year."""
    return [
        _registrations(cfa, today),
        _convocations(cfa),
        _dossiers(cfa),
        _ccf_to_enter(cfa),
        _files_to_delete(cfa, today),
    ]


def _where(count: int, cohort: Cohort) -> str:
    """The link opens one cohort; of several things, others may wait in another one."""
    return cohort.name if count == 1 else f"d'abord {cohort.name}"


def _registrations(cfa, today: date) -> Task | None:
    count, first = count_and_first(
        ExamRegistration.objects.filter(
            session__cfa=cfa,
            session__published_at__isnull=True,
            state=RegistrationState.DRAFT,
        )
        .select_related("session")
        .order_by("session__year", "pk")
    )
    if not count:
        return None
    session = first.session
    closes_on = session.registration_closes_on
    is_late = closes_on is not None and closes_on < today
    why = f"session {session.year}, confirmation à faire signer"
    if closes_on:
        why = f"session {session.year}, inscriptions {'closes depuis le' if is_late else 'jusqu’au'} {closes_on:%d/%m/%Y}"
    return Task(
        kind="stop" if is_late else "todo",
        word="En retard" if is_late else "À faire",
        count=str(count),
        what=plural(
            count, "inscription à l'examen à confirmer", "inscriptions à l'examen à confirmer"
        ),
        why=why,
        url=reverse("evaluations:exam_session_detail", args=[session.uuid]),
        action="Compléter",
    )


def _convocations(cfa) -> Task | None:
    count, first = count_and_first(
        CcfSitting.objects.filter(
            situation__evaluation__enrolment__cohort__cfa=cfa,
            state=SittingState.PLANNED,
            starts_at__gte=timezone.now(),
        )
        .select_related("situation__evaluation__enrolment__cohort")
        .order_by("starts_at", "pk")
    )
    if not count:
        return None
    cohort = first.situation.evaluation.enrolment.cohort
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(count, "convocation au CCF à envoyer", "convocations au CCF à envoyer"),
        why=f"premier passage le {timezone.localtime(first.starts_at):%d/%m} · {cohort.name}",
        url=reverse("evaluations:planning_board") + f"?promotion={cohort.uuid}",
        action="Convoquer",
    )


def _deposited(dossiers):
    """Those that hold a piece and wait for their check."""
    pieces = DossierPiece.objects.filter(dossier=OuterRef("pk"), purged_at__isnull=True)
    return (
        inside(dossiers)
        .filter(Exists(pieces), state=DossierState.OPEN)
        .select_related("epreuve", "enrolment__cohort", "enrolment__apprentice")
    )


def _dossiers(cfa) -> Task | None:
    count, first = count_and_first(
        _deposited(CcfDossier.objects.filter(enrolment__cohort__cfa=cfa)).order_by("pk")
    )
    if not count:
        return None
    cohort = first.enrolment.cohort
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(count, "dossier de CCF à contrôler", "dossiers de CCF à contrôler"),
        why=f"avant l'interrogation · {_where(count, cohort)}",
        url=reverse("evaluations:dossier_detail", args=[first.uuid])
        if count == 1
        else reverse("evaluations:dossier_list") + f"?promotion={cohort.uuid}",
        action="Contrôler",
    )


def drafts_to_enter(evaluations):
    """Those begun that no date to come, nor one cancelled, explains: what was seen is to be entered and locked."""
    coming = CcfSitting.objects.filter(
        situation__evaluation=OuterRef("pk"), starts_at__gt=timezone.now()
    ).standing()
    own = CcfSitting.objects.filter(situation__evaluation=OuterRef("pk"))
    cancelled = Exists(own.filter(state=SittingState.CANCELLED)) & ~Exists(own.standing())
    return inside(evaluations.drafts()).exclude(Exists(coming)).exclude(cancelled)


def _ccf_to_enter(cfa) -> Task | None:
    waiting = drafts_to_enter(CcfEvaluation.objects.filter(enrolment__cohort__cfa=cfa))
    count, first = count_and_first(waiting.select_related("enrolment__cohort").order_by("pk"))
    if not count:
        return None
    return Task(
        kind="run",
        word="En cours",
        count=str(count),
        what="CCF à saisir ou à verrouiller",
        why=f"par la commission · {_where(count, first.enrolment.cohort)}",
        url=reverse("evaluations:ccf_detail", args=[first.uuid])
        if count == 1
        else reverse("evaluations:ccf_list") + f"?promotion={first.enrolment.cohort.uuid}&afaire=1",
        action="Suivre",
    )


def _files_to_delete(cfa, today: date) -> Task | None:
    over = due(cfa, today)
    if not over.count:
        return None
    where = f"?promotion={over.dossiers[0].enrolment.cohort.uuid}" if over.dossiers else ""
    return Task(
        kind="todo",
        word="À décider",
        count=str(over.count),
        what=plural(
            over.count,
            "dossier ou pièce d'examen à supprimer",
            "dossiers et pièces d'examen à supprimer",
        ),
        why="l'année de conservation après le jury est passée",
        url=reverse("evaluations:dossier_list") + where,
        action="Voir",
    )


def trainer_exam(user: User, cfa, today: date) -> dict[str, Any]:
    """What a trainer or tutor has to do about CCF: who comes before one, what to enter, what to check."""
    sittings = (
        CcfSitting.objects.filter(
            members__user=user,
            situation__evaluation__enrolment__cohort__cfa=cfa,
            starts_at__date__gte=today,
            starts_at__date__lte=today + AHEAD,
        )
        .standing()
        .select_related(
            "situation__evaluation__epreuve", "situation__evaluation__enrolment__apprentice"
        )
        .order_by("starts_at", "pk")
    )
    mine = CcfEvaluation.objects.visible_to(user).filter(enrolment__cohort__cfa=cfa)
    dossiers = CcfDossier.objects.visible_to(user).filter(enrolment__cohort__cfa=cfa)
    return {
        "sittings": sittings[:10],
        "drafts": drafts_to_enter(mine).select_related("enrolment__apprentice", "epreuve")[:10],
        "dossiers": _deposited(dossiers)[:10],
    }


def apprentice_exam(enrolment: Enrolment) -> dict[str, Any]:
    """The result once published; before, the sittings one is convened to and the dossiers to hand in."""
    results = (
        ExamRegistration.objects.published_for(enrolment.apprentice.user)
        .filter(enrolment=enrolment)
        .select_related("session")
        .order_by("-session__year", "pk")
    )
    if result := results.first():
        return {"result": result, "result_kind": KINDS.get(result.decision, "none")}
    convened = (
        CcfSitting.objects.filter(
            situation__evaluation__enrolment=enrolment,
            state=SittingState.CONVENED,
            starts_at__gte=timezone.now(),
        )
        .select_related("situation__evaluation__epreuve")
        .order_by("starts_at", "pk")
    )
    done = DossierPiece.objects.filter(
        dossier__enrolment=enrolment, dossier__epreuve=OuterRef("epreuve")
    )
    heard = CcfEvaluation.objects.filter(
        enrolment=enrolment, epreuve=OuterRef("epreuve"), state=EvaluationState.LOCKED
    )
    waiting = CcfDeadline.objects.filter(cohort=enrolment.cohort)
    waiting = waiting.exclude(Exists(done)).exclude(Exists(heard))
    outside = outside_ccf([enrolment])
    return {
        "convened": convened[:4],
        "to_hand_in": [
            one
            for one in waiting.select_related("epreuve").order_by("deposit_on", "pk")
            if not outside.why(enrolment.pk, one.epreuve.code)
        ],
    }
