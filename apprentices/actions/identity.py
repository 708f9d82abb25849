"""What is kept apart from the file: the NIR, the photo of the card, the diplomas held."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User
from accounts.rules import compact
from documents.storing import all_or_nothing, store

from .. import encryption
from ..codes import code_list
from ..identifiers import full_nir, nir_problem
from ..models import Apprentice, HeldDiploma
from ..permissions import must_read_nir, must_run_cfa
from ..photos import read_photo
from .saving import clean_and_save


@transaction.atomic
def record_nir(*, apprentice: Apprentice, number: str, by: User) -> Apprentice:
    """Keep the NIR, encrypted; the history says that it was given, never the number."""
    apprentice = _locked(apprentice)
    must_run_cfa(by, apprentice.cfa)
    if problem := nir_problem(number):
        raise DomainError(problem, field="nir")
    apprentice.nir_encrypted = encryption.encrypt(full_nir(compact(number)))
    apprentice.save(update_fields=["nir_encrypted"])
    record("nir.saved", apprentice, cfa=apprentice.cfa, actor=by)
    return apprentice


@transaction.atomic
def reveal_nir(*, apprentice: Apprentice, by: User, reason: str) -> str:
    """The number in clear, for the person who asks; who asked, when and why is kept."""
    apprentice = _locked(apprentice)
    must_read_nir(by, apprentice.cfa)
    if not reason.strip():
        raise DomainError("Dites pourquoi ce numéro est nécessaire.", field="reason")
    if not apprentice.has_nir:
        raise DomainError(f"Le NIR de {apprentice} n'est pas enregistré.")
    number = encryption.decrypt(apprentice.nir_encrypted)
    record("nir.read", apprentice, cfa=apprentice.cfa, actor=by, reason=reason.strip()[:200])
    return number


@transaction.atomic
def forget_nir(*, apprentice: Apprentice, by: User) -> Apprentice:
    """Delete the NIR, once the contract has been deposited and controlled."""
    apprentice = _locked(apprentice)
    must_run_cfa(by, apprentice.cfa)
    if apprentice.has_nir:
        apprentice.nir_encrypted = ""
        apprentice.save(update_fields=["nir_encrypted"])
        record("nir.erased", apprentice, cfa=apprentice.cfa, actor=by)
    return apprentice


@all_or_nothing()
def record_photo(*, apprentice: Apprentice, content: bytes, by: User) -> Apprentice:
    """Keep the photo of the card, in place of the one before."""
    apprentice = _locked(apprentice)
    must_run_cfa(by, apprentice.cfa)
    picture = read_photo(content)
    _forget_photo(apprentice)
    store(apprentice.photo, f"{uuid.uuid4()}.jpg", picture)
    apprentice.save(update_fields=["photo"])
    record("photo.saved", apprentice, cfa=apprentice.cfa, actor=by)
    return apprentice


@transaction.atomic
def remove_photo(*, apprentice: Apprentice, by: User) -> Apprentice:
    """Erase the photo; the cards already issued keep theirs."""
    apprentice = _locked(apprentice)
    must_run_cfa(by, apprentice.cfa)
    if apprentice.photo:
        _forget_photo(apprentice)
        apprentice.photo = ""
        apprentice.save(update_fields=["photo"])
        record("photo.erased", apprentice, cfa=apprentice.cfa, actor=by)
    return apprentice


def _forget_photo(apprentice: Apprentice) -> None:
    if name := apprentice.photo.name:
        storage = apprentice.photo.storage
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def record_diploma(
    *, apprentice: Apprentice, code: str, title: str, obtained_in: int, by: User, **fields: Any
) -> HeldDiploma:
    """Note a diploma already held; it may dispense from units."""
    apprentice = _locked(apprentice)
    must_run_cfa(by, apprentice.cfa)
    if not code or code_list("diploma").problem(code):
        raise DomainError("Choisissez la nature du diplôme dans la liste.", field="code")
    if not apprentice.born_on.year + 10 <= obtained_in <= timezone.localdate().year:
        raise DomainError(
            "L'année d'obtention se place entre les dix ans de la personne et aujourd'hui.",
            field="obtained_in",
        )
    diploma = HeldDiploma(
        apprentice=apprentice, code=code, title=title.strip(), obtained_in=obtained_in, **fields
    )
    clean_and_save(diploma)
    record(
        "diploma.added", apprentice, cfa=apprentice.cfa, actor=by, data={"diplôme": str(diploma)}
    )
    return diploma


@transaction.atomic
def remove_diploma(*, diploma: HeldDiploma, by: User) -> None:
    """Take away a diploma noted by mistake."""
    apprentice = _locked(diploma.apprentice)
    must_run_cfa(by, apprentice.cfa)
    record(
        "diploma.removed", apprentice, cfa=apprentice.cfa, actor=by, data={"diplôme": str(diploma)}
    )
    diploma.delete()


def _locked(apprentice: Apprentice) -> Apprentice:
    rows = Apprentice.objects.select_for_update(of=("self",)).select_related("cfa")
    return rows.get(pk=apprentice.pk)
