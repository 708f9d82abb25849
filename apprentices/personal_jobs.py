"""Making the archive of a person's data in the background: a ZIP kept with the job for a week."""

import tempfile
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.errors import DomainError
from accounts.models import Membership, User
from accounts.personal import Person
from documents.kinds import JobKind, register_job
from documents.models import Job, JobItem
from documents.personal_archive import write_zip
from documents.rules import slug
from documents.storing import keep_file

from .models import Apprentice, CompanyContact, MaitreApprentissage
from .permissions import Held, can_take_personal_data, cfa_of

# What an archive is asked of: the word of the address -> the model. A membership is the account of somebody
# in one CFA, whatever the person does there.
HELD: dict[str, type[Held]] = {
    "apprenti": Apprentice,
    "maitre": MaitreApprentissage,
    "contact": CompanyContact,
    "compte": Membership,
}
MODELS = {model._meta.model_name: model for model in HELD.values()}


def held(what: str, uuid: object) -> Held | None:
    """The row that this address names, or None; an apprentice's account is the apprentice's file."""
    found = HELD[what].objects.filter(uuid=uuid).first()
    if isinstance(found, Membership) and found.role == Role.APPRENTICE:
        files = Apprentice.objects.filter(cfa=found.cfa, user=found.user)
        return files.first() or found
    return found


def address_of(row: Held) -> str:
    what = next(word for word, model in HELD.items() if isinstance(row, model))
    return reverse("apprentices:personal_data", args=[what, row.uuid])


def person_of(row: Held, asked_by: object) -> Person:
    """All that is the same person's in this CFA: a maître's account brings the file in each company."""
    if isinstance(row, Apprentice):
        # Who may take the archive may read the number: the CFA's team, and the person whose it is.
        own = row.user is not None and row.user == asked_by
        return Person(row.cfa, row.user, apprentice=row, with_nir=True, is_own=own)
    if isinstance(row, CompanyContact):
        return Person(row.company.cfa, contacts=(row,))
    cfa, user = cfa_of(row), row.user
    files = Q(pk=row.pk) if isinstance(row, MaitreApprentissage) else Q()
    if user:
        files |= Q(user=user)
    maitres = MaitreApprentissage.objects.filter(files, company__cfa=cfa).order_by("pk")
    return Person(cfa, user, maitres=tuple(maitres), is_own=user is not None and user == asked_by)


def _row(job: Job) -> Held | None:
    """Whose archive it is; None for a contact whom the company has no more."""
    ((name, uuid),) = job.arguments.items()
    return MODELS[name].objects.filter(uuid=uuid).first()


def _may_read(user: User, job: Job) -> bool:
    row = _row(job)
    return row is not None and can_take_personal_data(user, row)


def _again(job: Job) -> str:
    row = _row(job)
    return address_of(row) if row else ""


def run_item(item: JobItem) -> None:
    """Make the ZIP, for somebody who may still have it, and keep it with the job."""
    job = Job.objects.select_related("cfa", "owner").get(pk=item.job_id)
    if job.file:
        return
    row = _row(job)
    if row is None:
        raise DomainError("Cette personne n'est plus parmi les contacts de l'entreprise.")
    if job.owner is None or not can_take_personal_data(job.owner, row):
        raise DomainError("Votre rôle dans ce CFA ne permet plus de préparer ces données.")
    person = person_of(row, job.owner)
    with tempfile.TemporaryFile() as out:
        write_zip(person, out)
        keep_file(job, f"donnees_{slug(person.name)}_{item.job.created_at:%Y-%m-%d}.zip", out)


PERSONAL_DATA = register_job(
    JobKind(
        code="apprentices.personal_data",
        label="Données de la personne",
        run_item=run_item,
        # It holds everything about somebody: who asked has taken it by then, or asks again.
        kept=timedelta(days=7),
        again=_again,
        # A role may have been lost since.
        may_read=_may_read,
        failure="L'archive n'a pas pu être faite. Relancez-la ; si l'erreur revient, prévenez l'administrateur.",
    )
)
