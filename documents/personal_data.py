"""The documents and the jobs (RGPD): the archive itself gathers the documents, from every app."""

from collections.abc import Iterable
from typing import Any

from accounts.personal import Area, Of, Person, Section, declare

from .kinds import job_kinds
from .models import Job


def _jobs(person: Person) -> Iterable[Section]:
    labels = {kind.code: kind.label for kind in job_kinds()}

    def more(job: Job) -> dict[str, Any]:
        return {"nature": labels.get(job.kind, job.kind)}

    asked = Job.objects.filter(cfa=person.cfa, owner=person.user_pk)
    # What it was about, and the file, are of other people.
    told = ("state", "created_at", "finished_at")
    yield Section("Travaux demandés", asked, only=told, more=more)


declare(
    Area("travaux", "Travaux demandés", _jobs, of=Of.WORK),
    apart={
        "documents.Document": "ceux de la personne sont dans documents.json, réunis par l'archive",
    },
    apart_at_work={
        "documents.Document": "ouvert à ses lecteurs, mais celui d'une autre personne ; ce qui lui est propre "
        "est dans documents.json, réuni par l'archive",
    },
)
