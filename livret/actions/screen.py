"""Signing on a screen, alike for a period and for a review."""

from accounts.errors import DomainError
from accounts.models import User
from attendance.actions.signing import Hand, make_signature

from ..models import PeriodSignature, ReviewSignature

CHANGED = "Le texte a changé depuis que vous l'avez lu : relisez-le, puis signez."


def sign_on_screen(
    row: PeriodSignature | ReviewSignature,
    *,
    seen: str | None,
    signer: User | None,
    names: list[str],
    hand: Hand,
) -> None:
    """Give the row its signature and save it; `seen` is the hash of the text on the signer's page.

    If the text changed meanwhile, nobody has signed anything.
    """
    if seen is not None and seen != row.text_sha256:
        raise DomainError(CHANGED)
    row.signature = make_signature(signer=signer, names=names, hand=hand)
    row.save()
