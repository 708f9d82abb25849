"""Versions of a référentiel: copy, publish with a reason. What is published never changes."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User

from .. import store
from ..enums import VersionState
from ..loader.referentiel import ReferentielData
from ..loader.tree import Change, changes, checksum
from ..models import CfaProgramme, Referentiel
from ..permissions import can_prepare_referentiel, can_publish_referentiel


@transaction.atomic
def copy_referentiel(*, referentiel: Referentiel, session_from: int, by: User) -> Referentiel:
    """A draft that starts as a copy: the same first session makes a new edition, a later one a new version."""
    source = Referentiel.objects.select_for_update(of=("self",)).get(pk=referentiel.pk)
    _check_right(by)
    if source.state == VersionState.DRAFT:
        raise DomainError("Un brouillon ne se copie pas : modifiez-le, ou publiez-le d'abord.")
    last = source.session_to or 2100
    if not source.session_from <= session_from <= last:
        raise DomainError(
            f"La première session doit être entre {source.session_from} et {last}.",
            field="session_from",
        )
    same = Referentiel.objects.filter(rncp=source.rncp, session_from=session_from)
    if draft := same.filter(state=VersionState.DRAFT).first():
        raise DomainError(
            f"Un brouillon existe déjà pour ces sessions : « {draft} ».", field="session_from"
        )
    latest = same.order_by("-edition").first()
    tree = store.dump(source)
    tree.fields["session_from"] = session_from
    copy = Referentiel(edition=latest.edition + 1 if latest else 1)
    for name, value in tree.fields.items():
        setattr(copy, name, value)
    copy.checksum = checksum(tree)
    copy.save()
    store.write(copy, tree)
    _tell("referentiel.copy", copy, by, reason="")
    return copy


@transaction.atomic
def replace_draft(*, referentiel: Referentiel, data: ReferentielData, by: User) -> list[Change]:
    """Give a draft the values of a file that has been read without a problem; what changed comes back."""
    row = Referentiel.objects.select_for_update(of=("self",)).get(pk=referentiel.pk)
    _check_right(by)
    if row.state != VersionState.DRAFT:
        raise DomainError("Cette version est publiée : elle ne change plus.", field="file")
    if (data.rncp, data.session_from) != (row.rncp, row.session_from):
        raise DomainError(
            f"Le fichier porte {data.rncp}, session {data.session_from} : ce brouillon est celui de "
            f"{row.rncp}, session {row.session_from}.",
            field="file",
        )
    found = changes(store.dump(row), data.tree)
    for name, value in data.tree.fields.items():
        setattr(row, name, value)
    row.checksum = checksum(data.tree)
    row.save()
    store.write(row, data.tree)
    _tell("referentiel.draft", row, by, reason="")
    return found


@transaction.atomic
def publish_referentiel(*, referentiel: Referentiel, reason: str, by: User) -> Referentiel:
    """Put a draft in force; the version that it replaces is kept and says so."""
    row = Referentiel.objects.select_for_update(of=("self",)).get(pk=referentiel.pk)
    _check_right(by)
    if not can_publish_referentiel(by, row):
        raise DomainError(
            "D'autres CFA de cette installation suivent ce référentiel : demandez à l'administration "
            "technique de publier cette version, votre brouillon est gardé."
        )
    if row.state != VersionState.DRAFT:
        raise DomainError("Cette version est déjà publiée.")
    reason = reason.strip()
    if len(reason) < 10:
        raise DomainError(
            "Dites pourquoi cette version est publiée (10 caractères au moins) : le texte qui la fonde.",
            field="reason",
        )
    before = latest_before(row)
    if before and store.dump(before) == store.dump(row):
        raise DomainError(f"Rien ne diffère de « {before} » : il n'y a rien à publier.")
    put_in_force(row, at=timezone.now(), reason=reason, by=by)
    _tell("referentiel.publish", row, by, reason=reason)
    return row


def latest_before(row: Referentiel) -> Referentiel | None:
    """The version that a draft would replace: same sessions, else the one in force at its first session."""
    published = Referentiel.objects.filter(rncp=row.rncp).exclude(pk=row.pk)
    return (
        published.filter(session_from=row.session_from, state=VersionState.PUBLISHED).first()
        or published.filter(
            session_from__lte=row.session_from, state=VersionState.PUBLISHED
        ).first()
    )


def put_in_force(row: Referentiel, *, at: datetime, reason: str, by: User | None) -> None:
    """Publish a draft and close what it replaces. Call it in a transaction, the row being locked or new."""
    others = Referentiel.objects.filter(rncp=row.rncp, state=VersionState.PUBLISHED)
    others.filter(session_from=row.session_from).pass_frozen(state=VersionState.SUPERSEDED)
    open_before = others.filter(session_from__lt=row.session_from).order_by("-session_from")
    previous = open_before.first()
    if previous and (previous.session_to is None or previous.session_to >= row.session_from):
        Referentiel.objects.filter(pk=previous.pk).pass_frozen(session_to=row.session_from - 1)
    row.state = VersionState.PUBLISHED
    row.published_at, row.published_by, row.publication_reason = at, by, reason
    row.save()
    programmes = CfaProgramme.objects.filter(
        referentiel__rncp=row.rncp, session__gte=row.session_from
    ).exclude(referentiel=row)
    if row.session_to:
        programmes = programmes.filter(session__lte=row.session_to)
    for programme in programmes.select_related("cfa", "referentiel"):
        if not is_used(programme):
            data = {"before": str(programme.referentiel), "after": str(row)}
            programme.referentiel = row
            programme.save(update_fields=["referentiel"])
            record("programme.referentiel", programme, cfa=programme.cfa, actor=by, data=data)


def is_used(programme: CfaProgramme) -> bool:
    """Something of another app (a cohort...) hangs on the programme, hence on its edition of the référentiel."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: programme}).exists()
        for relation in CfaProgramme._meta.related_objects
        if relation.related_model._meta.app_label != CfaProgramme._meta.app_label
    )


def _check_right(by: User) -> None:
    if not can_prepare_referentiel(by):
        raise NotAllowed("Seule l'équipe d'un CFA prépare et publie une version du référentiel.")


def _tell(verb: str, row: Referentiel, by: User, *, reason: str) -> None:
    """One line in the history of each centre whose programmes stand on this certification."""
    centres = Cfa.objects.filter(programmes__referentiel__rncp=row.rncp)
    for cfa in centres.distinct().order_by("pk"):
        record(verb, row, cfa=cfa, actor=by, reason=reason)
