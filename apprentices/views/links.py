"""Links to the pages of the apps above, when this installation has them.

Names only: this floor imports nothing of what lies above.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class PageLink:
    label: str
    icon: str
    url: str


COHORT_PAGES = (
    ("Séances et émargement", "calendar", "attendance:cohort_sessions"),
    ("Évaluations", "chart", "evaluations:cohort_evaluations"),
    ("Livrets", "book", "livret:cohort_livrets"),
    ("Attestations", "document", "livret:cohort_attestations"),
)


def cohort_links(cohort) -> list[PageLink]:
    found = []
    for label, icon, name in COHORT_PAGES:
        try:
            found.append(PageLink(label, icon, reverse(name, args=[cohort.uuid])))
        except NoReverseMatch:
            continue
    return found
