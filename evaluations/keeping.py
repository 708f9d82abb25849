"""What is not kept for ever: dossiers and signed sheets of the CCF, proofs of dispense.

The dossier of evaluation is kept a year after the jury (REF2018, `ccf_archive_years`). No text read says it of
the proof of a dispense, a person's diploma: the same year is proposed. People decide; nothing goes by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of
from programmes.models import Referentiel
from programmes.selectors import fact

from .ccf.jury_file import forget_jury_files
from .models import CcfDossier, DossierPiece, JuryPublication, ReceivedFile


@dataclass(frozen=True)
class Due:
    """What may be deleted: dossiers with their pieces, files handed in."""

    dossiers: list[CcfDossier]
    files: list[ReceivedFile]

    @property
    def count(self) -> int:
        return len(self.dossiers) + len(self.files)


def kept_until(published_on: date, years: int) -> date:
    """The last day on which what served a jury is kept."""
    try:
        return published_on.replace(year=published_on.year + years)
    except ValueError:  # 29 February
        return published_on.replace(year=published_on.year + years, day=28)


def _is_over(referentiel: Referentiel, session: int, published_on: date, today: date) -> bool:
    try:
        years = fact(referentiel, "ccf_archive_years", session=session)
    except KeyError:
        years = 1
    return kept_until(published_on, years) < today


def due(cfa: Cfa, today: date) -> Due:
    """What has been kept long enough and still holds files (a constant number of queries)."""
    publications = dict(
        JuryPublication.objects.filter(cfa=cfa).values_list("session", "published_on")
    )
    dossiers = (
        CcfDossier.objects.filter(
            enrolment__cohort__cfa=cfa,
            enrolment__cohort__programme__session__in=publications,
            pieces__purged_at__isnull=True,
            pieces__isnull=False,
        )
        .select_related(
            "epreuve__referentiel", "enrolment__apprentice", "enrolment__cohort__programme"
        )
        .distinct()
    )
    return Due(
        [
            one
            for one in dossiers
            if _is_over(
                one.epreuve.referentiel,
                one.enrolment.cohort.programme.session,
                publications[one.enrolment.cohort.programme.session],
                today,
            )
        ],
        [*_scans(cfa, publications, today), *_proofs(cfa, today)],
    )


def _scans(cfa: Cfa, publications: Mapping[int, date], today: date) -> Iterable[ReceivedFile]:
    """The sheets signed by hand."""
    found = ReceivedFile.objects.filter(
        purged_at=None,
        evaluation__enrolment__cohort__cfa=cfa,
        evaluation__enrolment__cohort__programme__session__in=publications,
    ).select_related("evaluation__epreuve__referentiel", "evaluation__enrolment__cohort__programme")
    for one in found:
        assert one.evaluation is not None  # filtered
        session = one.evaluation.enrolment.cohort.programme.session
        if _is_over(one.evaluation.epreuve.referentiel, session, publications[session], today):
            yield one


def _proofs(cfa: Cfa, today: date) -> Iterable[ReceivedFile]:
    """The proofs of dispense: of those who withdrew too."""
    found = ReceivedFile.objects.filter(
        purged_at=None,
        registration__session__cfa=cfa,
        registration__session__deliberated_on__isnull=False,
    ).select_related("registration__session__referentiel", "registration__enrolment__apprentice")
    for one in found:
        assert one.registration is not None  # filtered
        session = one.registration.session
        last = session.final_deliberated_on or session.deliberated_on
        assert last is not None
        if _is_over(session.referentiel, session.year, last, today):
            yield one


@transaction.atomic
def purge(*, cfa: Cfa, by: User) -> int:
    """Delete the files whose time is over; what they were (name, size, digest, dates) stays."""
    if not is_staff_of(by, cfa):
        raise NotAllowed(
            "Seule l'équipe du CFA supprime les dossiers dont la conservation est finie."
        )
    over = due(cfa, timezone.localdate())
    pieces: list[DossierPiece | ReceivedFile] = list(over.files)
    cohorts = {}
    for dossier in over.dossiers:
        own = list(dossier.pieces.filter(purged_at=None))
        pieces += own
        cohorts[dossier.enrolment.cohort_id] = dossier.enrolment.cohort
        record("ccf.dossier_purged", dossier, cfa=cfa, actor=by, data={"pieces": len(own)})
    for file in over.files:
        record("file.purged", file, cfa=cfa, actor=by, data={"sha256": file.sha256})
    names = [str(one.file.name) for one in pieces]
    for one in pieces:
        one.file, one.purged_at = "", timezone.now()
        one.save(update_fields=["file", "purged_at"])
    transaction.on_commit(partial(_delete, names))
    for cohort in cohorts.values():
        transaction.on_commit(partial(forget_jury_files, cohort))
    return len(pieces)


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
