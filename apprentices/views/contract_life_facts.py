"""What the contract's page shows of its life."""

from django.utils import timezone

from ..amendments import changes_of
from ..life_forms import DecisionForm
from ..models import Contract


def life_of(contract: Contract) -> dict:
    """What the contract's page shows of its life."""
    amendments = contract.amendments.all()
    for row in amendments:
        row.contract = contract
    return {
        "amendments": [(row, changes_of(row)) for row in amendments],
        "documents": contract.documents.select_related("document")[:12],
        "decision_form": DecisionForm(initial={"on": timezone.localdate()}),
        "today": timezone.localdate(),
    }
