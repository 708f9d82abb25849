"""What SIFA asks of the centre itself, kept once."""

from django.db import transaction

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import Cfa, User
from accounts.rules import compact, uai_problem

from ..codes import code_list
from ..enums import SifaNature
from ..field_checks import is_department
from ..models import SifaSettings
from ..permissions import must_run_cfa
from .saving import change, clean_and_save

NONE = "NC"


@transaction.atomic
def set_sifa(
    *, cfa: Cfa, cfa_type: str, site: str, eple_uai: str, nature: str, by: User
) -> SifaSettings:
    """Columns 3 to 6 of SIFA for every line of this centre."""
    cfa = Cfa.objects.select_for_update(of=("self",)).get(pk=cfa.pk)
    must_run_cfa(by, cfa)
    site, eple_uai = compact(site), compact(eple_uai) or NONE
    if not cfa_type or code_list("sifa_cfa_type").problem(cfa_type):
        raise DomainError("Choisissez le type de CFA.", field="cfa_type")
    if site and not is_department(site) and (problem := uai_problem(site)):
        raise DomainError(f"{problem} Ou le département sur 3 caractères (078, 02A).", field="site")
    if eple_uai != NONE and (problem := uai_problem(eple_uai)):
        raise DomainError(f"{problem} Ou NC.", field="eple_uai")
    if (eple_uai == NONE) != (nature == SifaNature.NC):
        raise DomainError(
            "La nature est « non concerné » exactement quand il n'y a pas d'EPLE (NC).",
            field="nature",
        )
    settings = SifaSettings.objects.filter(cfa=cfa).first() or SifaSettings(cfa=cfa)
    values = {"cfa_type": cfa_type, "site": site, "eple_uai": eple_uai, "nature": nature}
    changed = change(settings, values)
    clean_and_save(settings)
    if changed:
        record("sifa.settings_saved", cfa, cfa=cfa, actor=by, data=changed)
    return settings
