"""What each type of amendment may change, and how a contract reads once it is changed."""

from dataclasses import replace
from datetime import date
from typing import Any

from accounts.errors import DomainError

from .enums import AmendmentType, Derogation
from .models import Amendment, Company, Contract, MaitreApprentissage
from .pay import DAY
from .rules import ContractFacts

T = AmendmentType
# Fields of the contract, as the forms name them.
CHANGEABLE: dict[AmendmentType, frozenset[str]] = {
    T.LEGAL: frozenset({"company"}),
    T.SEASONAL: frozenset({"company", "maitre"}),
    T.AFTER_FAILURE: frozenset({"ends_on", "training_hours"}),
    T.RQTH: frozenset({"ends_on", "training_hours"}),
    T.DIPLOMA: frozenset({"training_hours"}),
    T.OTHER: frozenset(
        {"maitre", "weekly_minutes", "ends_on", "training_hours", "tripartite_on", "derogation"}
    ),
    T.PLACE: frozenset({"company"}),
    T.TRAINING_PLACE: frozenset({"training_place"}),
}
# They only push the term back.
PROLONGING = frozenset({T.AFTER_FAILURE, T.RQTH})
LABELS = {
    "company": "Entreprise",
    "maitre": "Maître d'apprentissage",
    "ends_on": "Fin du contrat",
    "training_hours": "Heures de formation",
    "weekly_minutes": "Durée hebdomadaire",
    "tripartite_on": "Convention tripartite du",
    "derogation": "Dérogation",
    "training_place": "Lieu de formation",
}


def apply_changes(contract: Contract, amendment: Amendment) -> None:
    """Set on the contract, in memory, what the amendment says."""
    old_end = contract.ends_on
    for name, raw in amendment.changes.items():
        setattr(contract, name, _value(contract, name, raw))
    if "company" in amendment.changes:
        contract.maitre2 = None  # the second one belongs to the company that is left
        if "maitre" not in amendment.changes:
            _keep_maitre(contract)
    if amendment.amendment_type in PROLONGING and contract.ends_on <= old_end:
        raise DomainError(
            f"Une prolongation reporte la fin du contrat après le {old_end:%d/%m/%Y} : indiquez la nouvelle "
            "fin.",
            field="ends_on",
        )
    if amendment.amendment_type == T.AFTER_FAILURE:
        # P4: from the day after the first term, the pay of the last year goes on.
        contract.prolonged_on = old_end + DAY


def _keep_maitre(contract: Contract) -> None:
    """The same person under the employer's new legal situation."""
    same = contract.company.maitres.filter(
        first_name=contract.maitre.first_name, last_name=contract.maitre.last_name
    ).first()
    if same is None:
        raise DomainError(
            f"{contract.maitre} n'est pas encore sur la fiche de {contract.company} : ajoutez-l'y "
            "d'abord.",
            field="company",
        )
    contract.maitre = same


def _value(contract: Contract, name: str, raw: str) -> Any:
    cfa = contract.enrolment.cohort.cfa
    if name == "company":
        return Company.objects.get(pk=raw, cfa=cfa)
    if name == "maitre":
        return MaitreApprentissage.objects.select_related("company").get(pk=raw, company__cfa=cfa)
    field: Any = Contract._meta.get_field(name)
    return field.to_python(raw)


def check_amendment_facts(
    facts: ContractFacts, amendment: Amendment, contract: Contract
) -> ContractFacts:
    """The contract's facts as an amendment: its type, date and the number it follows (V15, V16).

    A term pushed back after a failure (33) or for a handicap (34) is excused from V09; and from V07,
    whose training ends with the new term.
    """
    changes: dict[str, Any] = {
        "contract_type": str(amendment.amendment_type),
        "previous_number": contract.deca_number,
        "amendment_on": amendment.effective_on,
    }
    if amendment.amendment_type == T.AFTER_FAILURE:
        changes["training_ends_on"] = max(facts.training_ends_on, facts.ends_on)
        changes["cycle_months"] = facts.cycle_months
        changes["derogation"] = "50"
        changes["tripartite_on"] = amendment.effective_on
    if amendment.amendment_type == T.RQTH:
        changes["duration_reason"] = "rqth"
        changes["training_ends_on"] = max(facts.training_ends_on, facts.ends_on)
    return replace(facts, **changes)


def readable(name: str, value: Any) -> str:
    """A value as people read it: in the document, on the pages and in the history."""
    if value in (None, ""):
        return "néant"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if name == "weekly_minutes":
        return f"{int(value) / 60:g} h".replace(".", ",")
    if name == "training_hours":
        return f"{float(value):g} h".replace(".", ",")
    if name == "derogation":
        return Derogation(value).label
    return str(value)


def shown(contract: Contract, name: str) -> str:
    """What the contract says of a field."""
    return readable(name, getattr(contract, name))


def changes_of(amendment: Amendment) -> list[tuple[str, str, str]]:
    """Each change: its label, what the contract said, what the amendment says."""
    contract = amendment.contract
    return [
        (
            LABELS[name],
            amendment.previous.get(name, ""),
            readable(name, _value(contract, name, raw)),
        )
        for name, raw in amendment.changes.items()
    ]
