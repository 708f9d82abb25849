"""What each role finds in the navigation, in the order of its work (the first four fill the phone's bar).

URL names only: this floor knows nothing of the apps above. An entry whose page does not exist in this
installation is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from .enums import Role


@dataclass(frozen=True)
class Entry:
    label: str
    icon: str
    url_name: str


@dataclass(frozen=True)
class Link:
    label: str
    icon: str
    url: str
    current: bool = False
    count: int = 0  # what waits there


HOME = Entry("À traiter", "home", "home")
PROGRAMME = Entry("Programme", "programme", "programmes:programme_list")
COHORTS = Entry("Promotions", "mortarboard", "apprentices:cohort_list")
APPRENTICES = Entry("Apprentis", "people", "apprentices:apprentice_list")
ADMISSION = Entry("Candidatures", "person-add", "apprentices:application_list")
COMPANIES = Entry("Entreprises", "briefcase", "apprentices:company_list")
CONTRACTS = Entry("Contrats", "contract", "apprentices:contract_list")
SESSIONS = Entry("Émargement", "signature", "attendance:session_list")
PLANNING = Entry("Planning", "calendar", "attendance:planning")
ABSENCES = Entry("Absences", "clock", "attendance:absence_list")
EVALUATIONS = Entry("Évaluations", "chart", "evaluations:home")
LIVRETS = Entry("Livrets", "book", "livret:livret_list")
DOCUMENTS = Entry("Documents", "document", "documents:document_list")
MEMBERS = Entry("Équipe et accès", "key", "accounts:member_list")

READING = (
    PROGRAMME,
    COHORTS,
    APPRENTICES,
    ADMISSION,
    COMPANIES,
    CONTRACTS,
    SESSIONS,
    PLANNING,
    ABSENCES,
    EVALUATIONS,
    LIVRETS,
    DOCUMENTS,
)
OWN = (
    Entry("Accueil", "home", "home"),
    Entry("Émargement", "signature", "attendance:my_attendance"),
    Entry("Livret", "book", "livret:my_livret"),
    Entry("Notes", "chart", "evaluations:my_marks"),
    Entry("Examen", "mortarboard", "evaluations:exam_mine"),
    Entry("Absences", "clock", "attendance:my_absences"),
    Entry("Documents", "document", "documents:document_list"),
)
ENTRIES: dict[str, tuple[Entry, ...]] = {
    Role.ADMIN: (HOME, COHORTS, APPRENTICES, SESSIONS, PLANNING, ABSENCES, EVALUATIONS, LIVRETS, ADMISSION, CONTRACTS, COMPANIES,
                 PROGRAMME, DOCUMENTS, MEMBERS),
    Role.STAFF: (HOME, COHORTS, APPRENTICES, SESSIONS, PLANNING, ABSENCES, EVALUATIONS, LIVRETS, ADMISSION, CONTRACTS, COMPANIES,
                 PROGRAMME, DOCUMENTS, MEMBERS),
    Role.TRAINER: (HOME, Entry("Émargement", "signature", "attendance:my_sessions"), EVALUATIONS, LIVRETS, PLANNING, ABSENCES, APPRENTICES, COHORTS, PROGRAMME, DOCUMENTS),
    Role.APPRENTICE: OWN,
    Role.MAITRE: (
        Entry("Mes apprentis", "people", "livret:maitre_home"),
        Entry("Résultats", "mortarboard", "evaluations:exam_mine"),
        DOCUMENTS,
    ),
    Role.AUDITOR: (Entry("Accueil", "home", "home"), *READING),
}  # fmt: skip


def links_for(role: str, path: str, counts: Mapping[str, int] | None = None) -> list[Link]:
    """The links of this role; the one that holds the current page is marked.

    `counts` says how many things wait on a page, by URL name.
    """
    waiting = counts or {}
    found = [(entry, url) for entry in ENTRIES.get(role, ()) if (url := _url_of(entry))]
    current = _longest_prefix((url for _, url in found), path)
    return [
        Link(entry.label, entry.icon, url, url == current, waiting.get(entry.url_name, 0))
        for entry, url in found
    ]


def _url_of(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _longest_prefix(urls: Iterable[str], path: str) -> str:
    """The entry nearest above the page; home holds only itself."""
    holders = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(holders, key=len, default="")
