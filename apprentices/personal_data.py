"""What the apprentices' app holds about a person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.personal import Area, Of, Person, Section, declare

from . import encryption
from .codes import code_list
from .models import (
    Amendment,
    Application,
    ApplicationPiece,
    Apprentice,
    Cohort,
    CompanyContact,
    Contract,
    ContractDocument,
    ContractDraft,
    CreditNote,
    Enrolment,
    EnrolmentDocument,
    Funding,
    HeldDiploma,
    ImportBatch,
    Instalment,
    MaitreApprentissage,
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
    "situation_n1": "sifa_situation_n1",
    "boarding": "sifa_boarding",
    "representative_pcs": "sifa_pcs",
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
    held = HeldDiploma.objects.filter(apprentice=one)
    yield Section("Diplômes détenus", held, more=lambda held: {"code": _diploma(held.code)})
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


def _work(person: Person) -> Iterable[Section]:
    files = MaitreApprentissage.objects.filter(pk__in=[one.pk for one in person.maitres])
    yield Section(
        "Maître d'apprentissage",
        files.select_related("company"),
        more=lambda one: {"diploma": _diploma(one.diploma)},
    )
    own = Q(pk__in=[one.pk for one in person.contacts]) | Q(email__in=person.emails)
    contacts = CompanyContact.objects.filter(own, company__cfa=person.cfa)
    yield Section("Contact d'une entreprise", contacts.select_related("company"))
    # Of the people followed, what says the task and its dates: the rest is theirs (art. 15-4).
    yield Section(
        "Contrats suivis",
        Contract.objects.filter(Q(maitre__in=files) | Q(maitre2__in=files)).select_related(
            "company"
        ),
        only=("company", "state", "starts_on", "ends_on", "maitre_competence", "maitre_attested"),
    )
    mine = {"cfa": person.cfa, "trainers": person.user_pk}
    yield Section("Promotions", _of(Cohort, **mine), only=("name", "starts_on", "ends_on"))
    tutored = Enrolment.objects.filter(cohort__cfa=person.cfa, tutor=person.user_pk)
    yield Section(
        "Apprentis suivis (tuteur CFA)",
        tutored.select_related("cohort"),
        only=("cohort", "starts_on", "ends_on"),
    )
    heard = Application.objects.filter(cohort__cfa=person.cfa, interviewer=person.user_pk)
    yield Section("Entretiens d'admission menés", heard, only=("interviewed_on",))
    tests = PositioningTest.objects.filter(
        application__cohort__cfa=person.cfa, assessor=person.user_pk
    )
    yield Section("Positionnements faits passer", tests, only=("taken_on",))
    batches = ImportBatch.objects.filter(cfa=person.cfa, owner=person.user_pk)
    told = ("kind", "state", "file_name", "created_at", "finished_at")
    yield Section("Fichiers importés", batches, only=told)


def _diploma(code: str) -> str:
    return code_list("diploma").label(code)


def _of(model, **links):
    return model.objects.filter(**links)


declare(
    Area("identite", "Identité et inscriptions", _identity),
    Area("contrats", "Contrats", _contracts),
    Area("metier", "Fonctions", _work, of=Of.WORK),
    apart={
        "apprentices.Reminder": "dit que le CFA a été prévenu d'une échéance, rien de la personne",
    },
    apart_at_work={
        "apprentices.Apprentice": "la fiche d'un apprenti a sa propre archive",
        "apprentices.Company": "l'adresse d'une entreprise",
    },
)
