"""Plan, visits and bilans: which sections, who writes, who signs in which order, what a state allows.

No national text fixes them: the quarterly meeting of the three is the CFA's own commitment (source
programme), two visits a year the common practice; the sections are those of apprenticeship-rules,
section 5. Each signer signs the same text: it is frozen when it is put to the signature.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..enums import THREE, PeriodRole, ReviewKind, ReviewState

APPRENTICE, MAITRE, TUTOR = PeriodRole.APPRENTICE, PeriodRole.MAITRE, PeriodRole.TUTOR
# No next meeting is asked when the course ends within this time.
LAST_DAYS = 100


@dataclass(frozen=True)
class Section:
    """One text of a review; the tutor, who keeps the minutes, may write each of them."""

    key: str
    label: str
    author: str = TUTOR
    is_required: bool = False
    help: str = ""


@dataclass(frozen=True)
class ReviewForm:
    """What one kind of review is made of."""

    sections: tuple[Section, ...]
    signers: tuple[str, ...] = THREE
    has_commitments: bool = True
    has_next_date: bool = True


FORMS: dict[str, ReviewForm] = {
    ReviewKind.PLAN: ReviewForm(
        sections=(
            Section("acquis", "Acquis à l'entrée et positionnement", is_required=True,
                    help="Diplômes, expériences, points d'appui, points à travailler."),
            Section("projet", "Projet et attentes de l'apprenti", APPRENTICE),
            Section("entreprise", "Ce que l'entreprise confiera", MAITRE),
            Section("amenagements", "Aménagements décidés (parcours, horaires, accessibilité)"),
        ),
    ),
    ReviewKind.VISIT: ReviewForm(
        sections=(
            Section("points", "Points abordés", is_required=True),
            Section("missions", "Missions observées ou racontées", is_required=True),
            Section("entreprise", "Avis du maître d'apprentissage", MAITRE),
            Section("difficultes", "Difficultés"),
            Section("actions", "Actions décidées"),
        ),
    ),
    ReviewKind.QUARTERLY: ReviewForm(
        sections=(
            Section("apprenti", "Ce que dit l'apprenti", APPRENTICE),
            Section("entreprise", "Ce que dit l'entreprise", MAITRE),
            Section("cfa", "Ce que dit le CFA", is_required=True,
                    help="Assiduité, travail, résultats que l'apprenti et l'entreprise peuvent voir."),
            Section("competences", "Compétences : progrès et priorités", is_required=True),
            Section("difficultes", "Difficultés"),
        ),
    ),
    ReviewKind.SEMESTER: ReviewForm(
        sections=(
            Section("cfa", "Appréciation générale du CFA", is_required=True),
            Section("entreprise", "Appréciation de l'entreprise", MAITRE, is_required=True),
            Section("apprenti", "Ce que dit l'apprenti", APPRENTICE),
        ),
        signers=(*THREE, PeriodRole.DIRECTION),
    ),
    ReviewKind.FINAL: ReviewForm(
        sections=(
            Section("parcours", "Bilan du parcours", is_required=True),
            Section("entreprise", "Avis de l'entreprise", MAITRE, is_required=True),
            Section("cfa", "Avis de l'équipe pédagogique pour le jury", is_required=True),
            Section("suite", "Suite prévue (emploi, études)", APPRENTICE),
        ),
        has_commitments=False,
        has_next_date=False,
    ),
}  # fmt: skip

OPEN, SUBMIT, SIGN, REFUSE, CORRECT, CANCEL = (
    "open",
    "submit",
    "sign",
    "refuse",
    "correct",
    "cancel",
)
REVIEW_TRANSITIONS: dict[tuple[str, str], str] = {
    (ReviewState.PLANNED, OPEN): ReviewState.WRITING,
    (ReviewState.WRITING, SUBMIT): ReviewState.SIGNING,
    (ReviewState.SIGNING, SIGN): ReviewState.SIGNING,  # CLOSED with the last signature
    (ReviewState.SIGNING, REFUSE): ReviewState.REPLACED,
    (ReviewState.CLOSED, CORRECT): ReviewState.REPLACED,
    (ReviewState.PLANNED, CANCEL): ReviewState.CANCELLED,
    (ReviewState.WRITING, CANCEL): ReviewState.CANCELLED,
}


def section_of(kind: str, key: str) -> Section | None:
    """The section of this kind of review, or None."""
    return next((section for section in FORMS[kind].sections if section.key == key), None)


def awaited_authors(kind: str, state: str, written: Collection[str]) -> list[str]:
    """Apart from the tutor, who still has a section to write while the text is being written."""
    if state != ReviewState.WRITING:
        return []
    authors = {s.author for s in FORMS[kind].sections if s.key not in written} - {TUTOR}
    return sorted(authors)


def can_write_section(kind: str, key: str, role: str, state: str) -> bool:
    """Its author and the tutor write a section, until the text is put to the signature."""
    section = section_of(kind, key)
    return (
        section is not None
        and state == ReviewState.WRITING
        and role in (section.author, PeriodRole.TUTOR)
    )


def review_awaited(state: str, signers: Sequence[str], signed: Sequence[str]) -> str | None:
    """Who signs next, in the order chosen; nobody unless it is to be signed."""
    if state != ReviewState.SIGNING:
        return None
    return next((role for role in signers if role not in signed), None)


def review_next_state(
    state: str, deed: str, signers: Sequence[str] = (), signed: Sequence[str] = ()
) -> str | None:
    """The state after this deed, None when the state refuses it.

    `signed` are the roles whose signature stands after the deed.
    """
    found = REVIEW_TRANSITIONS.get((state, deed))
    if deed == SIGN and found and all(role in signed for role in signers):
        return ReviewState.CLOSED
    return found


def clean_signers(chosen: Sequence[str]) -> list[str]:
    """The roles chosen to sign, each once, in the order given; an unknown one is left out."""
    return list(dict.fromkeys(role for role in chosen if role in PeriodRole.values))


def missing_before_signature(
    *,
    kind: str,
    texts: Mapping[str, str],
    held_on: date | None,
    next_on: date | None,
    ends_on: date,
    today: date,
    participants: str,
    plan_tasks: int,
) -> list[str]:
    """What has still to be filled before the text is put to the signature, in French."""
    form = FORMS[kind]
    lacking = [
        f"la rubrique « {section.label} »"
        for section in form.sections
        if section.is_required and not texts.get(section.key, "").strip()
    ]
    if held_on is None:
        lacking.insert(0, "la date de la rencontre")
    elif held_on > today:
        lacking.insert(0, "une date de rencontre passée ou d'aujourd'hui")
    if not participants.strip():
        lacking.append("les participants")
    if kind == ReviewKind.PLAN and not plan_tasks:
        lacking.append("au moins une mission du plan")
    if form.has_next_date and not next_on and held_on:
        if ends_on - held_on > timedelta(days=LAST_DAYS):
            lacking.append("la date de la prochaine rencontre")
    if next_on and held_on and next_on <= held_on:
        lacking.append("une prochaine rencontre postérieure à celle-ci")
    return lacking
