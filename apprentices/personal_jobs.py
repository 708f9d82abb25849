"""Making the archive of a person's data in the background: a ZIP kept with the job for a week."""

import tempfile
from datetime import timedelta

from django.urls import reverse

from accounts.errors import DomainError
from accounts.personal import Person
from documents.kinds import JobKind, register_job
from documents.models import Job, JobItem
from documents.personal_archive import write_zip
from documents.rules import slug
from documents.storing import keep_file

from .models import Apprentice
from .permissions import can_take_personal_data


def _apprentice(job: Job) -> Apprentice:
    people = Apprentice.objects.select_related("cfa", "user")
    return people.get(uuid=job.arguments["apprentice"], cfa=job.cfa)


def run_item(item: JobItem) -> None:
    """Make the ZIP, for somebody who may still have it, and keep it with the job."""
    job = Job.objects.select_related("cfa", "owner").get(pk=item.job_id)
    if job.file:
        return
    apprentice = _apprentice(job)
    if job.owner is None or not can_take_personal_data(job.owner, apprentice):
        raise DomainError("Votre rôle dans ce CFA ne permet plus de préparer ces données.")
    # Who may take the archive may read the number: the CFA's team, and the person whose it is.
    person = Person(apprentice.cfa, apprentice, apprentice.user, with_nir=True)
    with tempfile.TemporaryFile() as out:
        write_zip(person, out)
        keep_file(job, f"donnees_{slug(str(apprentice))}_{item.job.created_at:%Y-%m-%d}.zip", out)


def _again(job: Job) -> str:
    return reverse("apprentices:personal_data", args=[job.arguments["apprentice"]])


PERSONAL_DATA = register_job(
    JobKind(
        code="apprentices.personal_data",
        label="Données de la personne",
        run_item=run_item,
        # It holds everything about somebody: who asked has taken it by then, or asks again.
        kept=timedelta(days=7),
        again=_again,
        # A role may have been lost since.
        may_read=lambda user, job: can_take_personal_data(user, _apprentice(job)),
        failure="L'archive n'a pas pu être faite. Relancez-la ; si l'erreur revient, prévenez l'administrateur.",
    )
)
