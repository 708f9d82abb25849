"""Questions about référentiels and programmes that the apps above ask."""

from datetime import date
from typing import Any

from django.db.models import Prefetch

from accounts.errors import DomainError
from accounts.models import Cfa

from .enums import Categorie, EpreuveForm
from .models import Competence, Epreuve, EpreuveRule, Referentiel, SousCompetence
from .rules import categorie_of


def referentiel_for(rncp: str, session: int) -> Referentiel | None:
    """The version of a certification that rules one exam session."""
    return Referentiel.objects.for_session(rncp, session).first()


def categorie_of_cfa(cfa: Cfa, day: date) -> Categorie:
    """The category of the apprentices of a CFA on one day (usually that of the exam session)."""
    return categorie_of(cfa.ccf_habilite_on, cfa.ccf_habilite_until, day)


def epreuves_for(referentiel: Referentiel, categorie: str) -> list[Epreuve]:
    """The épreuves in order, each with `rule`: how this category takes it (None when unknown)."""
    rules = Prefetch(
        "rules", EpreuveRule.objects.filter(categorie=categorie), to_attr="rules_of_categorie"
    )
    epreuves: list[Epreuve] = []
    for epreuve in referentiel.epreuves.select_related("unite__bloc").prefetch_related(rules):
        epreuve.rule = next(iter(epreuve.rules_of_categorie), None)
        epreuves.append(epreuve)
    return epreuves


def ccf_epreuves(referentiel: Referentiel, categorie: str) -> list[Epreuve]:
    """Those that this category takes as a CFA's own control (CCF)."""
    return [
        epreuve
        for epreuve in epreuves_for(referentiel, categorie)
        if epreuve.rule and epreuve.rule.form == EpreuveForm.CCF
    ]


def rule_for(epreuve: Epreuve, categorie: str) -> EpreuveRule | None:
    """How one category of candidates takes the épreuve."""
    return epreuve.rules.filter(categorie=categorie).first()


def choices(epreuve: Epreuve) -> list[Competence]:
    """The competences among which one is chosen for the grid; empty when the grid leaves no choice."""
    return list(
        Competence.objects.filter(
            bloc__unite__epreuve=epreuve, code__in=epreuve.grid.get("one_of", [])
        )
    )


def grid_lines(epreuve: Epreuve, choice: str = "") -> list[SousCompetence]:
    """The lines of the official grid, in its order: those of every candidate, and of the chosen competence.

    `choice` is the code of one of `choices(epreuve)`; empty, only the common lines come (nothing chosen yet).
    An épreuve without a grid has no line.
    """
    one_of = epreuve.grid.get("one_of", [])
    if choice and choice not in one_of:
        expected = " ou ".join(one_of) or "aucun choix"
        raise DomainError(
            f"« {choice} » n'est pas un choix de l'épreuve {epreuve.code} : choisissez {expected}.",
            field="choice",
        )
    codes = [*epreuve.grid.get("always", []), *([choice] if choice else [])]
    return list(
        SousCompetence.objects.filter(
            competence__bloc__unite__epreuve=epreuve, competence__code__in=codes
        )
        .select_related("competence")
        .order_by("competence__position", "position", "pk")
    )


def fact(referentiel: Referentiel, code: str, *, session: int | None = None) -> Any:
    """The value of one fact of the règlement (codes: docs/rules/programmes.md) for an exam session.

    Without a session, the latest value. KeyError when the référentiel does not give the fact, or not for
    that session: the caller must not invent one.
    """
    return fact_row(referentiel, code, session=session)["value"]


def fact_row(referentiel: Referentiel, code: str, *, session: int | None = None) -> dict[str, Any]:
    """Like `fact`, with `source` and `confidence`."""
    rows = sorted(referentiel.facts[code]["values"], key=lambda row: row["session_from"] or 0)
    if session is not None:
        rows = [
            row
            for row in rows
            if (row["session_from"] or 0) <= session <= (row["session_to"] or 9999)
        ]
    if not rows:
        raise KeyError(f"{code} ({session})")
    return rows[-1]
