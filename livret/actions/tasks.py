"""The apprentice's tasks and their proofs."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from documents.storing import all_or_nothing, store
from documents.uploads import Readable, check_photo
from programmes.models import Competence

from ..enums import ActivityKind, NetworkKind, PeriodRole
from ..models import LivretPeriod, PeriodTask, PlanTask, Proof
from .periods import MOST_TEXT, check_writable, locked_period, record_period, role_of

MOST_TASKS = 60
MOST_PROOFS = 40


def _apprentice_writes(period: LivretPeriod, by: User) -> LivretPeriod:
    period = locked_period(period)
    if role_of(period, by, None, timezone.now()) != PeriodRole.APPRENTICE:
        raise NotAllowed("Les missions et leurs preuves sont écrites par l'apprenti.")
    check_writable(period, PeriodRole.APPRENTICE)
    return period


@transaction.atomic
def save_task(
    *,
    period: LivretPeriod,
    uuid: UUID,
    title: str,
    by: User,
    details: str = "",
    kind: str = ActivityKind.AUTRE,
    network: str = "",
    done_on: date | None = None,
    competences: list[Competence] | None = None,
    planned: PlanTask | None = None,
) -> PeriodTask:
    """Write a task of the period; the phone gives its identifier, so that sending twice writes once."""
    period = _apprentice_writes(period, by)
    title, details = " ".join(title.split()), details.replace("\x00", "").strip()
    _check_words(title, details, kind, network)
    _check_day(period, done_on)
    if planned and planned.livret_id != period.livret_id:
        raise DomainError("Cette mission n'est pas du plan de ce livret.", field="planned")
    referentiel = period.livret.enrolment.cohort.programme.referentiel_id
    chosen = list(competences or [])
    if any(competence.bloc.referentiel_id != referentiel for competence in chosen):
        raise DomainError("Cette compétence n'est pas de ce diplôme.", field="competences")
    task = _task(period, uuid)
    task.title, task.details, task.kind, task.network = title, details, kind, network
    task.done_on, task.planned, task.removed_at = done_on, planned, None
    task.save()
    task.competences.set(chosen)
    record_period("period_task_written", period, by, None, {"task": str(uuid), "title": title})
    return task


def _check_words(title: str, details: str, kind: str, network: str) -> None:
    if not title:
        raise DomainError("Dites en quelques mots ce que vous avez fait.", field="title")
    if len(title) > 200:
        raise DomainError(
            "Le titre tient en 200 caractères : racontez le reste dessous.", field="title"
        )
    if len(details) > MOST_TEXT:
        raise DomainError(f"Pas plus de {MOST_TEXT} caractères.", field="details")
    if kind not in ActivityKind.values:
        raise DomainError("Choisissez une nature de la liste.", field="kind")
    if network and network not in NetworkKind.values:
        raise DomainError("Choisissez un réseau de la liste.", field="network")


def _check_day(period: LivretPeriod, done_on: date | None) -> None:
    if done_on and not period.starts_on <= done_on <= period.ends_on:
        raise DomainError(
            f"Cette période va du {period.starts_on:%d/%m/%Y} au {period.ends_on:%d/%m/%Y} : "
            "choisissez un jour entre ces dates.",
            field="done_on",
        )
    if done_on and done_on > timezone.localdate():
        raise DomainError("Ce jour n'est pas encore passé.", field="done_on")


def _task(period: LivretPeriod, uuid: UUID) -> PeriodTask:
    """The task that the phone named, or a new one of this name."""
    task = PeriodTask.objects.filter(uuid=uuid).first()
    if task is None:
        if period.tasks.filter(removed_at__isnull=True).count() >= MOST_TASKS:
            raise DomainError(f"Pas plus de {MOST_TASKS} missions par période : regroupez-les.")
        return PeriodTask(uuid=uuid, period=period)
    if task.period_id != period.pk:
        raise NotAllowed("Cette mission est d'une autre période.")
    return task


@transaction.atomic
def remove_task(*, task: PeriodTask, by: User) -> None:
    """Take a task away; it stays in the record with its proofs detached."""
    period = _apprentice_writes(task.period, by)
    if task.removed_at is None:
        task.removed_at = timezone.now()
        task.save(update_fields=("removed_at",))
        task.proofs.update(task=None)
        record_period("period_task_removed", period, by, None, {"title": task.title})


def add_proof(
    *,
    period: LivretPeriod,
    file: Readable,
    name: str,
    size: int,
    by: User,
    uuid: UUID | None = None,
    task: PeriodTask | None = None,
) -> Proof:
    """Keep a photo or a PDF: checked by its content, made smaller, with its hash."""
    if uuid and (known := Proof.objects.filter(uuid=uuid, period=period).first()):
        return known  # the phone sent it twice
    stored = check_photo(file, size)
    with all_or_nothing():
        period = _apprentice_writes(period, by)
        if task and task.period_id != period.pk:
            raise DomainError("Cette mission est d'une autre période.")
        kept = period.proofs.filter(removed_at__isnull=True)
        if same := kept.filter(sha256=stored.sha256).first():
            raise DomainError(f"Ce fichier est déjà joint : {same.name}.", field="file")
        if kept.count() >= MOST_PROOFS:
            raise DomainError(
                f"Pas plus de {MOST_PROOFS} preuves par période : retirez-en une.", field="file"
            )
        proof = Proof(
            period=period,
            task=task,
            name=_shown_name(name),
            content_type=stored.content_type,
            size=stored.size,
            sha256=stored.sha256,
            original_sha256=stored.original_sha256,
            width=stored.width,
            height=stored.height,
            added_by=by,
        )
        if uuid:
            proof.uuid = uuid
        store(proof.file, proof.name, stored.data)
        proof.save()
        data = {"proof": str(proof.uuid), "name": proof.name, "sha256": proof.sha256}
        record_period("period_proof_added", period, by, None, data)
    return proof


def _shown_name(name: str) -> str:
    """The person's own name of the file, without folder nor control character."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-200:] or "fichier"


@transaction.atomic
def remove_proof(*, proof: Proof, by: User) -> None:
    """Take a proof away from the period; its file and hash stay in the record."""
    period = _apprentice_writes(proof.period, by)
    if proof.removed_at is None:
        proof.removed_at = timezone.now()
        proof.save(update_fields=("removed_at",))
        data = {"name": proof.name, "sha256": proof.sha256}
        record_period("period_proof_removed", period, by, None, data)
