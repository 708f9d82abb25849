"""Accept a finding with a reason, or take the acceptance back."""

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User

from ..conformity_selectors import findings_of
from ..models import CfaProgramme, FindingAcceptance
from ..permissions import can_edit_programme


@transaction.atomic
def accept_finding(
    *, programme: CfaProgramme, finding: str, reason: str, by: User
) -> FindingAcceptance:
    """Somebody of the CFA takes the finding on; it stays visible, and lapses when what it says changes."""
    programme = _locked(programme, by)
    held = next((row for row in findings_of(programme) if row.finding.id == finding), None)
    if held is None:
        raise DomainError("Ce constat n'existe plus : rechargez la page.", field="reason")
    if held.acceptance:
        raise DomainError(
            f"Ce constat est déjà accepté par {held.acceptance.accepted_by}.", field="reason"
        )
    reason = reason.strip()
    if len(reason) < 10:
        raise DomainError(
            "Dites pourquoi ce constat est accepté (10 caractères au moins).", field="reason"
        )
    # An acceptance of what the finding used to say no longer holds: it gives its place.
    programme.acceptances.filter(finding=finding, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    acceptance = FindingAcceptance.objects.create(
        programme=programme,
        finding=finding,
        fingerprint=held.finding.fingerprint,
        reason=reason[:500],
        accepted_by=by,
    )
    record(
        "programme.finding_accept",
        programme,
        cfa=programme.cfa,
        actor=by,
        reason=reason[:300],
        data={"finding": finding, "says": held.finding.says, "official": held.finding.official},
    )
    return acceptance


@transaction.atomic
def withdraw_acceptance(*, programme: CfaProgramme, finding: str, by: User) -> None:
    """The finding counts again."""
    programme = _locked(programme, by)
    rows = programme.acceptances.filter(finding=finding, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        raise DomainError("Ce constat n'est pas accepté.")
    record(
        "programme.finding_withdraw",
        programme,
        cfa=programme.cfa,
        actor=by,
        data={"finding": finding},
    )


def _locked(programme: CfaProgramme, by: User) -> CfaProgramme:
    programme = (
        CfaProgramme.objects.select_for_update(of=("self",))
        .select_related("cfa", "referentiel")
        .get(pk=programme.pk)
    )
    if not can_edit_programme(by, programme):
        raise NotAllowed("Seule l'équipe du CFA accepte un constat sur son programme.")
    return programme
