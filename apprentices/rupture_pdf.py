"""The frozen contexts of a rupture's two documents: the act that is signed, the word to the OPCO."""

from typing import Any

from accounts.french import long_date

from .contract_pdf import contract_context, sample
from .enums import RuptureMotive
from .models import Rupture
from .rupture import rule_of

ACT, NOTICE = "acte_rupture", "information_opco"
M = RuptureMotive
EMPLOYER, APPRENTICE = "L'employeur", "L'apprenti"
# What the act says, and who signs it; the other motives are the employer's dismissal.
ACTS: dict[RuptureMotive, tuple[str, tuple[str, ...]]] = {
    M.TRIAL_EMPLOYER: (
        "L'employeur rompt le contrat avant la fin des quarante-cinq premiers jours, consécutifs ou "
        "non, de formation pratique en entreprise.",
        (EMPLOYER,),
    ),
    M.TRIAL_APPRENTICE: (
        "L'apprenti rompt le contrat avant la fin des quarante-cinq premiers jours, consécutifs ou "
        "non, de formation pratique en entreprise.",
        (APPRENTICE,),
    ),
    M.AGREEMENT: (
        "L'employeur et l'apprenti conviennent de rompre le contrat d'un commun accord.",
        (EMPLOYER, APPRENTICE),
    ),
    M.RESIGNATION: ("L'apprenti rompt le contrat à son initiative.", (APPRENTICE,)),
    M.DIPLOMA: (
        "L'apprenti a obtenu le diplôme préparé et met fin au contrat avant son terme.",
        (APPRENTICE,),
    ),
    M.RISK: (
        "Le contrat est rompu à la suite de la décision de l'administration.",
        (EMPLOYER, APPRENTICE),
    ),
    M.LIQUIDATION: (
        "Le contrat est rompu par le liquidateur de l'entreprise.",
        ("Le liquidateur",),
    ),
}


def rupture_context(rupture: Rupture) -> dict[str, Any]:
    """The parties, the motive with its text, the dates and the six months; no medical reason."""
    contract = rupture.contract
    context = contract_context(contract, rupture.written_on)
    del context["sections"], context["funding"], context["subjects"]
    motive = RuptureMotive(rupture.motive)
    statement, signatories = ACTS.get(
        motive, (f"L'employeur rompt le contrat : {motive.label.lower()}.", (EMPLOYER,))
    )
    dates = [
        ("Médiateur saisi le", rupture.mediator_on),
        ("Employeur informé le", rupture.employer_informed_on),
        ("Écrit daté du", rupture.written_on),
        ("Contrat rompu le", rupture.effective_on),
    ]
    minor_signs = bool(context["apprentice"]["representative"])
    return {
        **context,
        "rupture": {
            "statement": statement,
            "article": rule_of(motive, is_apprenticeship=contract.is_apprenticeship).article,
            "effective_on": long_date(rupture.effective_on),
            "dates": [[label, long_date(day)] for label, day in dates if day],
            "follow_until": long_date(rupture.follow_until),
            "deca_number": contract.deca_number,
            "opco_file": contract.opco_file,
            "signatories": [
                f"{who} et son représentant légal" if who == APPRENTICE and minor_signs else who
                for who in signatories
            ],
        },
    }


def sample_rupture() -> dict[str, Any]:
    """For the preview of development."""
    return {
        **sample(),
        "rupture": {
            "statement": ACTS[M.AGREEMENT][0],
            "article": "art. L6222-18",
            "effective_on": "30/06/2026",
            "dates": [["Écrit daté du", "30/06/2026"], ["Contrat rompu le", "30/06/2026"]],
            "follow_until": "30/12/2026",
            "deca_number": "078202601000001",
            "opco_file": "",
            "signatories": [EMPLOYER, APPRENTICE],
        },
    }
