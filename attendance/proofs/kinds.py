"""The background work of the proofs."""

from accounts.errors import DomainError
from accounts.models import Cfa
from documents.kinds import JobKind, register_job
from documents.models import JobItem

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
