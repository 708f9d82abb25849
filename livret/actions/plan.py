"""The plan of tasks, open until it is put to the signature."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from programmes.models import Competence

from ..enums import ActivityKind, NetworkKind, ReviewKind, ReviewState, Term
from ..models import Livret, PlanTask
from ..permissions import can_steer_livret
from .periods import SEALED

PLAN_SIGNED = (
    "Le plan est signé ou à la signature : demandez-en une nouvelle version pour le changer."
)


def _locked(livret: Livret, by: User) -> Livret:
    livret = (
        Livret.objects.select_for_update(of=("self",))
        .select_related("enrolment__cohort__cfa", "enrolment__cohort__programme")
        .get(pk=livret.pk)
    )
    if not can_steer_livret(by, livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur écrit le plan, avec les deux autres.")
    if livret.sealed_at:
        raise DomainError(SEALED)
    frozen = (ReviewState.SIGNING, ReviewState.CLOSED)
    if livret.reviews.filter(kind=ReviewKind.PLAN, state__in=frozen).exists():
        raise DomainError(PLAN_SIGNED)
    return livret


@transaction.atomic
def save_plan_task(
    *,
    livret: Livret,
    title: str,
    by: User,
    uuid: UUID | None = None,
    term: str = Term.SHORT,
    kind: str = ActivityKind.AUTRE,
    network: str = "",
    competences: list[Competence] | None = None,
) -> PlanTask:
    """Write a task of the plan, new or known by its identifier."""
    livret = _locked(livret, by)
    title = " ".join(title.split())
    if not title:
        raise DomainError("Nommez la mission.", field="title")
    if len(title) > 200:
        raise DomainError("Le titre tient en 200 caractères.", field="title")
    for value, allowed, name in (
        (term, Term.values, "term"),
        (kind, ActivityKind.values, "kind"),
        (network or "", ["", *NetworkKind.values], "network"),
    ):
        if value not in allowed:
            raise DomainError("Choisissez une valeur de la liste.", field=name)
    task = livret.plan_tasks.filter(uuid=uuid).first() if uuid else None
    task = task or PlanTask(livret=livret)
    task.title, task.term, task.kind, task.network = title, term, kind, network
    task.save()
    referentiel = livret.enrolment.cohort.programme.referentiel_id
    chosen = list(competences or [])
    if any(competence.bloc.referentiel_id != referentiel for competence in chosen):
        raise DomainError("Cette compétence n'est pas de ce diplôme.", field="competences")
    task.competences.set(chosen)
    cfa = livret.enrolment.cohort.cfa
    record("plan_task_written", livret, cfa=cfa, actor=by, data={"title": title})
    return task


@transaction.atomic
def remove_plan_task(*, task: PlanTask, by: User) -> None:
    """Take a task off the plan."""
    livret = _locked(task.livret, by)
    if task.removed_at is None:
        task.removed_at = timezone.now()
        task.save(update_fields=("removed_at",))
        cfa = livret.enrolment.cohort.cfa
        record("plan_task_removed", livret, cfa=cfa, actor=by, data={"title": task.title})
