"""What E4 and E6 ask of the missions in the company, and what is still missing.

Two fiches of different nature for E4, three for E6, one per kind of network, one at least really lived
(arrêté du 19 février 2018, annexes of E4 and E6; exam-rules 3.4 and 3.5). The rubrics are the headings
seen on completed national models: not verified against the annexes themselves.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from programmes.calendar_rules import add_months

from ..enums import ActivityKind, NetworkKind

WARN_AFTER_MONTHS = 6


@dataclass(frozen=True)
class Need:
    """One fiche that an épreuve asks for, and missions that would feed it."""

    epreuve: str
    code: str
    label: str
    suggestions: tuple[str, ...]
    kind: str = ""
    network: str = ""


NEEDS: tuple[Need, ...] = (
    Need("E4", ActivityKind.NEGOCIATION, "Négociation-vente et accompagnement de la relation client", (
        "Mener un rendez-vous de découverte et présenter une offre chiffrée",
        "Renégocier un contrat ou traiter une réclamation avec un client suivi",
    ), kind=ActivityKind.NEGOCIATION),
    Need("E4", ActivityKind.EVENEMENT, "Organisation et animation d'un évènement commercial", (
        "Préparer un stand, une journée portes ouvertes ou un petit-déjeuner clients",
        "Animer une opération en magasin et en dresser le bilan chiffré",
    ), kind=ActivityKind.EVENEMENT),
    Need("E6", NetworkKind.DISTRIBUTEURS, "Réseau de distributeurs", (
        "Relever un linéaire chez un revendeur et proposer une implantation",
        "Former un distributeur à un produit et suivre ses ventes",
    ), network=NetworkKind.DISTRIBUTEURS),
    Need("E6", NetworkKind.PARTENAIRES, "Réseau de partenaires", (
        "Recruter un apporteur d'affaires ou une association professionnelle",
        "Animer une réunion de partenaires et mesurer les affaires apportées",
    ), network=NetworkKind.PARTENAIRES),
    Need("E6", NetworkKind.VENTE_DIRECTE, "Réseau de vente directe", (
        "Accompagner un vendeur à domicile ou observer une réunion de vente",
        "À défaut dans l'entreprise : la simulation d'un réseau de vente directe au CFA",
    ), network=NetworkKind.VENTE_DIRECTE),
)  # fmt: skip

RUBRICS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "E4": (
        ("cadre", "Cadre de l'activité", "Organisation, adresse, type de structure, offre commerciale, types de prospects et de clients, méthodes de vente."),
        ("analyse", "Analyse de l'activité", "Dates, historique ou problématique, acteurs (statuts, rôles, motivations), objectifs opérationnels."),
        ("deroulement", "Déroulement", "Phases, résultats, difficultés."),
        ("ciblage", "Ciblage et prospection", "Démarche, objectifs, activités, résultats, bilan réflexif."),
        ("information", "Exploitation et mutualisation de l'information commerciale", "Informations, objectifs, démarche de veille, sources, contribution à l'expertise."),
    ),
    "E6": (
        ("cadre", "Cadre de l'activité réseau", "Organisation, adresse, type de structure, offre commerciale, types de clients."),
        ("contexte", "Contexte", ""),
        ("diagnostic", "Diagnostic", ""),
        ("animation", "Animations", ""),
        ("methodologie", "Méthodologies", ""),
        ("resultats", "Résultats", ""),
        ("preconisations", "Préconisations", ""),
        ("ressources", "Ressources et supports", ""),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Mission:
    """A task as the coverage sees it: done, or only planned."""

    key: int
    title: str
    kind: str
    network: str
    competences: frozenset[int] = frozenset()
    is_done: bool = True


@dataclass(frozen=True)
class Covered:
    """One need with what feeds it."""

    need: Need
    missions: tuple[Mission, ...]
    planned: tuple[Mission, ...]
    has_fiche: bool

    @property
    def kind(self) -> str:
        """The status component's kind."""
        if self.has_fiche:
            return "done"
        return "run" if self.missions else "todo"

    @property
    def word(self) -> str:
        if self.has_fiche:
            return "Fiche commencée"
        return "Mission réalisée, fiche à écrire" if self.missions else "Aucune mission"


@dataclass
class Coverage:
    """The map of one livret."""

    needs: list[Covered] = field(default_factory=list)
    untouched: list[int] = field(default_factory=list)  # competences that no task done touches
    is_warning: bool = False

    @property
    def missing(self) -> list[Covered]:
        return [covered for covered in self.needs if not covered.has_fiche]


def feeds(mission: Mission, need: Need) -> bool:
    """Whether the mission can become the fiche of this need."""
    if need.network:
        return mission.network == need.network
    return mission.kind == need.kind


def cover(
    missions: Iterable[Mission],
    fiches: Collection[tuple[str, str]],
    competences: Iterable[int],
    *,
    starts_on: date,
    today: date,
) -> Coverage:
    """What the missions cover; from the sixth month on, what is missing is a warning."""
    missions = list(missions)
    touched = {key for m in missions if m.is_done for key in m.competences}
    needs = [
        Covered(
            need,
            tuple(m for m in missions if m.is_done and feeds(m, need)),
            tuple(m for m in missions if not m.is_done and feeds(m, need)),
            (need.epreuve, need.code) in fiches,
        )
        for need in NEEDS
    ]
    return Coverage(
        needs,
        [key for key in competences if key not in touched],
        is_warning=today >= add_months(starts_on, WARN_AFTER_MONTHS)
        and any(not c.has_fiche for c in needs),
    )


def draft_rubrics(
    epreuve: str, facts: dict[str, str], missions: Iterable[tuple[str, str, str]]
) -> dict[str, str]:
    """First words of each rubric, from the company and the tasks (title, details, day) told."""
    told = [
        f"{title}{f' ({day})' if day else ''}{f' : {details}' if details else ''}"
        for title, details, day in missions
    ]
    rubrics = {key: "" for key, _label, _help in RUBRICS[epreuve]}
    rubrics["cadre"] = "\n".join(
        text for text in (facts.get("company"), facts.get("address"), facts.get("activity")) if text
    )
    rubrics["deroulement" if epreuve == "E4" else "animation"] = "\n".join(told)
    return rubrics
