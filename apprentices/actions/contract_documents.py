"""Asking for the documents of a contract: conventions, data sheet, amendments."""

from typing import Any

from django.db import transaction

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User
from documents.actions import request_document
from documents.models import Document

from ..contract_pdf import (
    AMENDMENT,
    CONVENTION,
    SHEET,
    TRIPARTITE,
    amendment_context,
    contract_context,
)
from ..enums import AmendmentState
from ..models import Amendment, Contract, ContractDocument, Rupture
from ..permissions import must_run_cfa
from ..rupture_pdf import ACT, NOTICE, rupture_context
from .amendments import resulting_pay
from .contracts import locked_contract

TITLES = {
    CONVENTION: "Convention de formation",
    TRIPARTITE: "Convention tripartite de durée",
    SHEET: "Données du contrat dans l'ordre du CERFA",
}
RUPTURE_TITLES = {
    ACT: "Rupture du contrat d'apprentissage",
    NOTICE: "Information de l'OPCO : contrat rompu",
}
# What the apprentice does not receive: working papers between the centre and the OPCO.
NOT_FOR_THE_APPRENTICE = (SHEET, NOTICE)


def rupture_papers(contract: Contract) -> dict[str, str]:
    """The papers of a rupture; the act of L6222-18 is of no use to a contrat de professionnalisation."""
    if contract.is_apprenticeship:
        return RUPTURE_TITLES
    return {NOTICE: RUPTURE_TITLES[NOTICE]}


@transaction.atomic
def request_contract_document(*, contract: Contract, kind: str, by: User) -> Document:
    """Freeze what the contract says and have the document made; a new one replaces nothing."""
    contract = locked_contract(contract)
    must_run_cfa(by, contract.enrolment.cohort.cfa)
    if kind not in TITLES:
        raise DomainError("Ce document n'existe pas.")
    if kind == TRIPARTITE and contract.tripartite_on is None:
        raise DomainError(
            "La convention tripartite accompagne une durée réduite ou allongée : datez-la d'abord "
            "dans le contrat, ou préparez un avenant 36."
        )
    return _request(contract, kind, TITLES[kind], contract_context(contract), by=by)


@transaction.atomic
def request_amendment_document(*, amendment: Amendment, by: User) -> Document:
    """The amendment to sign, or as it was signed: what it changes and what it replaces."""
    contract = locked_contract(amendment.contract)
    must_run_cfa(by, contract.enrolment.cohort.cfa)
    amendment = Amendment.objects.get(pk=amendment.pk)
    if amendment.state == AmendmentState.CANCELLED:
        raise DomainError("Cet avenant est abandonné : il n'a pas de document.")
    amendment.contract = contract
    lines = resulting_pay(amendment)
    # Working the pay out has changed the contract in memory: read it again for the document.
    amendment.contract = locked_contract(contract)
    title = f"Avenant n° {amendment.number} au contrat"
    return _request(contract, AMENDMENT, title, amendment_context(amendment, lines), by=by)


@transaction.atomic
def request_rupture_document(*, rupture: Rupture, kind: str, by: User) -> Document:
    """The act that the parties sign, or the word that tells the OPCO of the interruption."""
    contract = locked_contract(rupture.contract)
    must_run_cfa(by, contract.enrolment.cohort.cfa)
    if kind not in rupture_papers(contract):
        raise DomainError("Ce document n'existe pas.")
    context = rupture_context(Rupture.objects.select_related("contract").get(pk=rupture.pk))
    return _request(contract, kind, RUPTURE_TITLES[kind], context, by=by)


def _request(
    contract: Contract, kind: str, title: str, context: dict[str, Any], *, by: User
) -> Document:
    cfa, apprentice = contract.enrolment.cohort.cfa, contract.enrolment.apprentice
    document = request_document(
        kind=kind,
        cfa=cfa,
        title=title,
        subject_label=str(apprentice),
        context=context,
        file_name=apprentice.file_name(kind),
        by=by,
        readers=[apprentice.user] if apprentice.user and kind not in NOT_FOR_THE_APPRENTICE else [],
    )
    ContractDocument.objects.create(contract=contract, document=document)
    record("contract.document_requested", contract, cfa=cfa, actor=by, data={"nature": title})
    return document
