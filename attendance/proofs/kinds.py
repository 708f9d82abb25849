"""The background work of the proofs: verifying the chain, and making the archive that is handed over."""

import tempfile
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import slugify

from accounts.errors import DomainError
from accounts.models import Cfa
from apprentices.models import Cohort, Enrolment
from documents.kinds import JobKind, register_job
from documents.models import Job, JobItem
from documents.storing import keep_file

from ..permissions import can_export_proofs
from .export import Scope, write_zip
from .verify import verify_and_note


def run_verification(item: JobItem) -> None:
    check = verify_and_note(Cfa.objects.get(slug=item.arguments["cfa"]))
    if check.problem_count:
        raise DomainError(
            f"{check.problem_count} anomalie(s) dans la chaîne de preuve : voyez la page Preuves."
        )


VERIFY_KIND = register_job(
    JobKind(
        code="attendance.verify",
        label="Vérification des preuves d'émargement",
        run_item=run_verification,
    )
)


def arguments_of(scope: Scope) -> dict[str, str | bool]:
    """The scope as a job keeps it."""
    return {
        "cohort": str(scope.cohort.uuid),
        "enrolment": str(scope.enrolment.uuid) if scope.enrolment else "",
        "first": scope.first.isoformat(),
        "last": scope.last.isoformat(),
        "with_sheets": scope.with_sheets,
    }


def scope_of(job: Job) -> Scope:
    kept = job.arguments
    enrolment = None
    if kept["enrolment"]:
        enrolment = Enrolment.objects.select_related("apprentice").get(
            uuid=kept["enrolment"], cohort__cfa=job.cfa
        )
    return Scope(
        cfa=job.cfa,
        cohort=Cohort.objects.get(uuid=kept["cohort"], cfa=job.cfa),
        first=date.fromisoformat(kept["first"]),
        last=date.fromisoformat(kept["last"]),
        enrolment=enrolment,
        with_sheets=kept["with_sheets"],
    )


def run_export(item: JobItem) -> None:
    """Make the ZIP and keep it with the job."""
    job = Job.objects.select_related("cfa").get(pk=item.job_id)
    if job.file:
        return
    scope = scope_of(job)
    name = f"preuves_{slugify(scope.label)}_{scope.first}_{scope.last}.zip"
    with tempfile.TemporaryFile() as out:
        write_zip(scope, out)
        keep_file(job, name, out)


EXPORT_KIND = register_job(
    JobKind(
        code="attendance.export",
        label="Dossier de preuves d'émargement",
        run_item=run_export,
        # It holds everybody's signatures: who needs it has taken it by then, or asks again.
        kept=timedelta(days=7),
        again=lambda job: f"{reverse('attendance:proof_export')}?{urlencode(job.arguments)}",
        # A role may have been lost since.
        may_read=lambda user, job: can_export_proofs(user, job.cfa),
        failure="Le dossier n'a pas pu être fait. Relancez-le ; si l'erreur revient, prévenez l'administrateur.",
    )
)
