"""Links to the pages of the apps above, when this installation has them.

Names only: this floor imports nothing of what lies above.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.enums import READING_ROLES, STAFF_ROLES, Role
from programmes.enums import Categorie
from programmes.selectors import categorie_of_cfa

TEAM_READING_ROLES = (*READING_ROLES, Role.TRAINER)


@dataclass(frozen=True)
class PageLink:
    label: str
    icon: str
    url: str


# Label, icon, page that takes `?promotion=`, roles that may open it.
COHORT_PAGES = (
    ("Planning", "calendar", "attendance:planning", TEAM_READING_ROLES),
    ("Feuilles d'émargement", "signature", "attendance:sheet_list", TEAM_READING_ROLES),
    ("CCF", "chart", "evaluations:ccf_list", TEAM_READING_ROLES),
    ("Livrets", "book", "livret:livret_list", TEAM_READING_ROLES),
    ("Émettre des documents", "document", "livret:documents_issue", STAFF_ROLES),
)


def url_of(name: str, *args) -> str:
    """The address of a page, or nothing when no app of this installation has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def cohort_links(cohort, role: str) -> list[PageLink]:
    is_ccf = categorie_of_cfa(cohort.cfa, timezone.localdate()) != Categorie.PONCTUEL
    return [
        PageLink(label, icon, f"{url}?promotion={cohort.uuid}")
        for label, icon, name, roles in COHORT_PAGES
        if role in roles and (url := url_of(name)) and (label != "CCF" or is_ccf)
    ]
