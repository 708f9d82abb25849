"""Load the data files: all or nothing, and nothing that is published or edited since is overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import Cfa

from .. import store
from ..enums import VersionState
from ..loader import Bundle, Node, Problem
from ..loader.programme import ProgrammeData
from ..loader.referentiel import ReferentielData
from ..loader.tree import Change, changes, checksum
from ..models import CfaProgramme, Referentiel
from .versions import is_used, put_in_force

NEW, CHANGED, SAME = "nouveau", "modifié", "inchangé"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one référentiel or programme."""

    label: str
    kind: str
    changes: list[Change] = field(default_factory=list)


class LoadRefused(DomainError):
    """The files have problems; nothing was written."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(problems)
        count = len(self.problems)
        told = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"{count} problème{'s' if count > 1 else ''}, rien n'a été chargé :\n{told}"
        )


def load_programmes(
    *, bundle: Bundle, dry_run: bool = False, create_cfas: bool = False
) -> list[Outcome]:
    """Write all that the files say, or nothing. What has not changed is not touched.

    A programme belongs to an existing CFA, found by its slug; `create_cfas` creates those that are missing.
    With `dry_run`, everything is done then undone, so that what the database would refuse is told too.
    """
    if bundle.problems:
        raise LoadRefused(bundle.problems)
    with transaction.atomic():
        outcomes = [_load_referentiel(data) for data in bundle.referentiels]
        outcomes += [_load_programme(data, create_cfas) for data in bundle.programmes]
        if dry_run:
            transaction.set_rollback(True)
    return outcomes


def _load_referentiel(data: ReferentielData) -> Outcome:
    versions = Referentiel.objects.select_for_update(of=("self",)).filter(rncp=data.rncp)
    same = versions.filter(session_from=data.session_from)
    row = same.filter(edition=data.edition).first()
    other = (
        versions.exclude(session_from=data.session_from)
        .exclude(state=VersionState.SUPERSEDED)
        .filter(Q(session_to__isnull=True) | Q(session_to__gte=data.session_from))
        .filter(**({"session_from__lte": data.session_to} if data.session_to else {}))
        .first()
    )
    if other:
        raise _refused(data.place, f"des sessions sont déjà réglées par « {other} », déjà chargé.")
    digest = checksum(data.tree)
    if row and row.checksum == digest:
        if row.is_frozen or not data.published_on:
            return Outcome(str(row), SAME)
        _publish_from_file(row, data)
        return Outcome(str(row), CHANGED, [Change("état", "brouillon", "publiée")])
    before = store.dump(row) if row else None
    found = changes(before, data.tree)
    if row and row.is_frozen:
        if not _only_closes(found):
            raise _refused(
                data.place,
                f"« {row} » est publiée et ne change plus ({found[0]}) : donnez au fichier l'édition "
                f"{row.edition + 1} (edition, published_on, publication_reason).",
            )
        Referentiel.objects.filter(pk=row.pk).pass_frozen(session_to=data.session_to)
        return Outcome(str(row), CHANGED, found)
    if row is None and (later := same.filter(edition__gt=data.edition).first()):
        raise _refused(data.place, f"« {later} » est déjà chargée : ce fichier est plus ancien.")
    row = row or Referentiel(edition=data.edition)
    _save(row, data.tree, digest, data.place)
    if data.published_on:
        _publish_from_file(row, data)
    return Outcome(str(row), CHANGED if before else NEW, found)


def _only_closes(found: list[Change]) -> bool:
    """The file only says until which session an open version holds: that is no change of what it holds."""
    return all(change.path == "session_to" and change.before is None for change in found)


def _publish_from_file(row: Referentiel, data: ReferentielData) -> None:
    day = data.published_on or timezone.localdate()
    put_in_force(
        row,
        at=timezone.make_aware(datetime.combine(day, time(12))),
        reason=data.publication_reason,
        by=None,
    )


def _load_programme(data: ProgrammeData, create_cfas: bool) -> Outcome:
    referentiel = Referentiel.objects.for_session(data.rncp, data.session).first()
    if referentiel is None:
        raise _refused(
            data.place,
            f"aucun référentiel {data.rncp} n'est chargé pour la session {data.session} : "
            "chargez-le avant, ou avec.",
        )
    _check_unites(data, referentiel)
    cfa = Cfa.objects.filter(slug=data.cfa["slug"]).first()
    if cfa is None:
        if not create_cfas:
            raise _refused(
                data.place,
                f"le CFA « {data.cfa['slug']} » n'existe pas : créez-le dans l'application, "
                "ou ajoutez --create-cfas.",
            )
        cfa = Cfa.objects.create(**data.cfa)
        record("cfa.create", cfa, cfa=cfa, actor=None)
    row = CfaProgramme.objects.select_for_update(of=("self",)).filter(slug=data.slug).first()
    if row and row.cfa_id != cfa.pk:
        raise _refused(
            data.place, f"le nom court « {data.slug} » est celui d'un programme d'un autre CFA."
        )
    digest = checksum(data.tree)
    if row and row.referentiel_id != referentiel.pk and is_used(row):
        referentiel = row.referentiel  # its cohorts, sheets and marks stand on that edition
    if row and row.checksum == digest and row.referentiel_id == referentiel.pk:
        return Outcome(f"{cfa} : {row}", SAME)
    before = store.dump(row) if row else None
    found = changes(before, data.tree)
    if row and row.referentiel_id != referentiel.pk:
        found.insert(0, Change("referentiel", str(row.referentiel), str(referentiel)))
    if row and row.edited_at:
        raise _refused(
            data.place,
            f"« {row} » a été modifié dans l'application le {row.edited_at:%d/%m/%Y} : le fichier ne "
            "l'écrase pas. Modifiez-le dans l'application, ou donnez au fichier un autre nom court.",
        )
    row = row or CfaProgramme(cfa=cfa)
    row.referentiel = referentiel
    _save(row, data.tree, digest, data.place)
    record("programme.load", row, cfa=cfa, actor=None, data=_summary(found))
    return Outcome(f"{cfa} : {row}", CHANGED if before else NEW, found)


def _check_unites(data: ProgrammeData, referentiel: Referentiel) -> None:
    known = set(referentiel.unites.values_list("code", flat=True))
    problems = [
        Problem(*data.subject_places[code], f"l'unité « {unite} » n'existe pas au référentiel.")
        for code, node in data.tree.children["subjects"].items()
        if (unite := node.fields["unite_code"]) and unite not in known
    ]
    if problems:
        raise LoadRefused(problems)


def _save(row: Referentiel | CfaProgramme, tree: Node, digest: str, place: tuple[str, int]) -> None:
    for name, value in tree.fields.items():
        setattr(row, name, value)
    row.checksum = digest
    try:
        with transaction.atomic():
            row.save()
            store.write(row, tree)
    except ProtectedError as error:
        held = {str(held._meta.verbose_name_plural) for held in error.protected_objects}
        raise _refused(
            place,
            "le fichier retire une ligne qui sert encore "
            f"({', '.join(sorted(held))}) : remettez-la, ou chargez une nouvelle version.",
        ) from error
    except IntegrityError as error:
        raise _refused(
            place,
            "ces changements se croisent avec ce qui est déjà chargé : faites-les en deux fois.",
        ) from error


def _summary(found: list[Change]) -> dict[str, object]:
    return {"changes": [str(change) for change in found[:50]], "count": len(found)}


def _refused(place: tuple[str, int], message: str) -> LoadRefused:
    return LoadRefused([Problem(*place, message)])
