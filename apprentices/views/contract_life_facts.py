"""What the contract's page shows of its life."""

from django.utils import timezone

from ..amendments import LABELS
from ..life_forms import DecisionForm
from ..models import Contract


def life_of(contract: Contract) -> dict:
    """What the contract's page shows of its life."""
    amendments = list(contract.amendments.all())
    return {
        "amendments": [
            (row, [(LABELS[name], value) for name, value in row.changes.items()])
            for row in amendments
        ],
        "documents": contract.documents.select_related("document")[:12],
        "decision_form": DecisionForm(initial={"on": timezone.localdate()}),
        "today": timezone.localdate(),
    }
