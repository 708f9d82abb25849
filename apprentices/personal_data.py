"""What the apprentices' app holds about a person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from accounts.personal import Area, Person, Section, declare

from . import encryption
from .codes import code_list
from .models import (
    Amendment,
    Application,
    ApplicationPiece,
    Apprentice,
    Contract,
    ContractDocument,
    ContractDraft,
    CreditNote,
    Enrolment,
    EnrolmentDocument,
    Funding,
    HeldDiploma,
    Instalment,
    PayPeriod,
    PositioningTest,
    Rupture,
)

# Fields that hold the code of a list: the list says it in words.
CODED = {
    "situation_before": "situation_before",
    "last_class": "last_class",
    "last_diploma": "diploma",
    "highest_diploma": "diploma",
}


def _identity(person: Person) -> Iterable[Section]:
    one = person.apprentice

    def more(apprentice: Apprentice) -> dict[str, Any]:
        said = {name: code_list(of).label(getattr(apprentice, name)) for name, of in CODED.items()}
        if not apprentice.has_nir:
            number = "non renseigné"
        elif person.with_nir:
            number = encryption.decrypt(apprentice.nir_encrypted)
        else:
            number = "enregistré, chiffré"
        return said | {"NIR": number}

    mine = Apprentice.objects.filter(pk=one.pk, cfa=person.cfa)
    yield Section("État civil et parcours", mine, leave=("nir_encrypted",), more=more)
    yield Section("Diplômes détenus", HeldDiploma.objects.filter(apprentice=one))
    yield Section("Inscriptions", _of(Enrolment, apprentice=one).select_related("cohort", "tutor"))
    yield Section("Candidatures", Application.objects.filter(apprentice=one))
    yield Section("Pièces demandées", ApplicationPiece.objects.filter(application__apprentice=one))
    yield Section("Positionnement", PositioningTest.objects.filter(application__apprentice=one))
    issued = EnrolmentDocument.objects.filter(enrolment__apprentice=one)
    yield Section("Certificats et cartes", issued)


def _contracts(person: Person) -> Iterable[Section]:
    one = person.apprentice
    yield Section("Contrats", _of(Contract, enrolment__apprentice=one), leave=("version",))
    yield Section("Rémunération", _of(PayPeriod, contract__enrolment__apprentice=one))
    drafts = _of(ContractDraft, enrolment__apprentice=one)
    yield Section("Contrats en cours de saisie", drafts, leave=("version", "contract_version"))
    yield Section("Avenants", _of(Amendment, contract__enrolment__apprentice=one))
    yield Section("Ruptures", _of(Rupture, contract__enrolment__apprentice=one))
    yield Section("Prise en charge", _of(Funding, contract__enrolment__apprentice=one))
    yield Section("Échéances", _of(Instalment, funding__contract__enrolment__apprentice=one))
    yield Section("Avoirs", _of(CreditNote, funding__contract__enrolment__apprentice=one))
    yield Section("Documents", _of(ContractDocument, contract__enrolment__apprentice=one))


def _of(model, **links):
    return model.objects.filter(**links)


declare(
    Area("identite", "Identité et inscriptions", _identity),
    Area("contrats", "Contrats", _contracts),
    apart={
        "apprentices.Reminder": "dit que le CFA a été prévenu d'une échéance, rien de la personne",
    },
)
