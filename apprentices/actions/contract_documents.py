"""Asking for the documents of a contract: conventions and data sheet."""

from django.db import transaction
from django.utils.text import slugify

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User
from documents.actions import request_document
from documents.models import Document

from ..contract_pdf import CONVENTION, SHEET, TRIPARTITE, contract_context
from ..models import Contract, ContractDocument
from ..permissions import must_run_cfa
from .contracts import locked_contract

TITLES = {
    CONVENTION: "Convention de formation par apprentissage",
    TRIPARTITE: "Convention tripartite de durée",
    SHEET: "Données du contrat dans l'ordre du CERFA",
}


@transaction.atomic
def request_contract_document(*, contract: Contract, kind: str, by: User) -> Document:
    """Freeze what the contract says and have the document made; a new one replaces nothing."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if kind not in TITLES:
        raise DomainError("Ce document n'existe pas.")
    if kind == TRIPARTITE and contract.tripartite_on is None:
        raise DomainError(
            "La convention tripartite accompagne une durée réduite ou allongée : datez-la d'abord "
            "dans le contrat, ou préparez un avenant 36."
        )
    apprentice = contract.enrolment.apprentice
    document = request_document(
        kind=kind,
        cfa=cfa,
        title=TITLES[kind],
        subject_label=str(apprentice),
        context=contract_context(contract),
        file_name=f"{kind}_{slugify(str(apprentice))}.pdf",
        by=by,
        readers=[apprentice.user] if apprentice.user and kind != SHEET else [],
    )
    ContractDocument.objects.create(contract=contract, document=document)
    record(
        "document de contrat demandé", contract, cfa=cfa, actor=by, data={"nature": TITLES[kind]}
    )
    return document
