"""What a maître says is wrong about the company or themself; the CFA changes it, or not."""

from collections.abc import Mapping
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field, Model
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.actions import update_company, update_maitre
from apprentices.field_checks import COMPANY, MAITRE, Check, problems, tidy
from apprentices.models import Company, MaitreApprentissage

from ..enums import CorrectionState
from ..models import CompanyCorrection, PersonalLink
from ..permissions import can_decide_correction

# The SIRET makes another employer of it: that goes through the contract.
CORRECTABLE = {
    "company.name": "Dénomination",
    "company.address": "Adresse",
    "company.postcode": "Code postal",
    "company.city": "Commune",
    "company.phone": "Téléphone de l'entreprise",
    "company.email": "E-mail de l'entreprise",
    "maitre.job_title": "Votre emploi",
    "maitre.phone": "Votre téléphone",
    "maitre.email": "Votre e-mail",
}
OWNERS: dict[str, tuple[type[Model], Mapping[str, Check]]] = {
    "company": (Company, COMPANY),
    "maitre": (MaitreApprentissage, MAITRE),
}


def known_of(maitre: MaitreApprentissage) -> dict[str, str]:
    """What the CFA holds of what may be corrected."""
    owners = {"company": maitre.company, "maitre": maitre}
    return {
        name: getattr(owners[owner], field)
        for name in CORRECTABLE
        for owner, field in [name.split(".")]
    }


@transaction.atomic
def correct_company(
    *, maitre: MaitreApprentissage, values: Mapping[str, str], by_link: PersonalLink | None = None
) -> CompanyCorrection | None:
    """A maître says what is wrong; nothing changes before the CFA has accepted it."""
    maitre = MaitreApprentissage.objects.select_related("company__cfa").get(pk=maitre.pk)
    changes = {}
    for name, before in known_of(maitre).items():
        after = _tidied(name, values.get(name, before))
        if after != _tidied(name, before):
            _check(name, after)
            changes[name] = {"label": CORRECTABLE[name], "before": before, "after": after}
    if not changes:
        return None
    maitre.corrections.filter(state=CorrectionState.ASKED).delete()
    correction = CompanyCorrection.objects.create(
        company=maitre.company, maitre=maitre, changes=changes
    )
    data = {"changes": changes, "link": str(by_link.uuid) if by_link else ""}
    record(
        "company_correction_asked", correction, cfa=maitre.company.cfa, actor=maitre.user, data=data
    )
    return correction


def _tidied(name: str, value: str) -> str:
    return tidy(name.split(".")[1], " ".join(value.split()))


def _check(name: str, value: str) -> None:
    """The same checks as the staff's own pages; what is needed to write to them is not emptied."""
    owner, field = name.split(".")
    if not value and field in ("name", "email", "postcode"):
        raise DomainError(f"{CORRECTABLE[name]} : à remplir.", field=name)
    model, checks = OWNERS[owner]
    for problem in problems(checks, {field: value}):
        raise DomainError(problem.message, field=name)
    try:
        cast(Field, model._meta.get_field(field)).run_validators(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=name) from error


@transaction.atomic
def decide_correction(
    *, correction: CompanyCorrection, accept: bool, by: User
) -> CompanyCorrection:
    """Accept what a maître corrected, which changes the company, or refuse it."""
    correction = (
        CompanyCorrection.objects.select_for_update(of=("self",))
        .select_related("company__cfa", "maitre__company__cfa")
        .get(pk=correction.pk)
    )
    if not can_decide_correction(by, correction.maitre):
        raise NotAllowed("Seule l'équipe du CFA change les données d'une entreprise.")
    if correction.state != CorrectionState.ASKED:
        raise DomainError("Cette correction est déjà décidée.")
    if accept:
        new: dict[str, dict[str, str]] = {"company": {}, "maitre": {}}
        for name, change in correction.changes.items():
            owner, field = name.split(".")
            new[owner][field] = change["after"]
        if new["company"]:
            update_company(company=correction.company, by=by, **new["company"])
        if new["maitre"]:
            update_maitre(maitre=correction.maitre, by=by, **new["maitre"])
    correction.state = CorrectionState.ACCEPTED if accept else CorrectionState.REFUSED
    correction.decided_at, correction.decided_by = timezone.now(), by
    correction.save()
    verb = "company_correction_accepted" if accept else "company_correction_refused"
    record(
        verb,
        correction,
        cfa=correction.company.cfa,
        actor=by,
        data={"changes": correction.changes},
    )
    return correction
