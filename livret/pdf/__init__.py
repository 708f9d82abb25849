"""The frozen contexts of the attestation, of the livret and of one period or review."""

from .attestation import attestation_context
from .facts import assessed_competences, contract_of, official_blocs
from .livret import livret_context, period_context, review_context

__all__ = [
    "assessed_competences",
    "attestation_context",
    "contract_of",
    "livret_context",
    "official_blocs",
    "period_context",
    "review_context",
]
