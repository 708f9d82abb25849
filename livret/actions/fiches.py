"""Fiches of E4 and E6 born from the tasks of the livret."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from documents.actions import new_code
from documents.freezing import freeze
from documents.kinds import document_kind
from documents.pdf import render_context
from evaluations.ccf.dossiers import deposit_piece, open_dossier
from evaluations.enums import PieceKind
from evaluations.models import DossierPiece
from programmes.models import Epreuve

from ..enums import FicheState
from ..models import Fiche, Livret, PeriodTask
from ..pdf.fiche import fiche_context, number_of
from ..rules import Changed, coverage
from .periods import MOST_TEXT, SEALED, plain_text


def _locked(livret: Livret, by: User) -> Livret:
    livret = (
        Livret.objects.select_for_update(of=("self",))
        .select_related("enrolment__apprentice", "enrolment__cohort__cfa")
        .get(pk=livret.pk)
    )
    if livret.enrolment.apprentice.user_id != by.pk:
        raise NotAllowed("Une fiche est écrite par l'apprenti lui-même.")
    if livret.sealed_at:
        raise DomainError(SEALED)
    return livret


def need_of(epreuve: str, code: str) -> coverage.Need | None:
    """The need of this épreuve, or None."""
    return next((n for n in coverage.NEEDS if (n.epreuve, n.code) == (epreuve, code)), None)


@transaction.atomic
def create_fiche(*, livret: Livret, epreuve: str, need: str, by: User) -> Fiche:
    """Begin a fiche with the words already written of the tasks that feed it."""
    livret = _locked(livret, by)
    wanted = need_of(epreuve, need)
    if wanted is None:
        raise DomainError("Choisissez une fiche de la liste.")
    if known := livret.fiches.filter(epreuve=epreuve, need=need).first():
        return known
    tasks = list(
        PeriodTask.objects.filter(
            period__livret=livret,
            removed_at__isnull=True,
            **({"network": wanted.network} if wanted.network else {"kind": wanted.kind}),
        ).order_by("done_on", "pk")
    )
    if not tasks:
        raise DomainError(
            "Aucune mission de vos périodes n'est de cette nature : écrivez-la d'abord dans une période."
        )
    contract = (
        livret.enrolment.contracts.exclude(state="draft")
        .select_related("company")
        .order_by("-starts_on", "-pk")
        .first()
    )
    company = contract.company if contract else None
    facts = {
        "company": str(company or ""),
        "address": f"{company.address} {company.postcode} {company.city}".strip()
        if company
        else "",
    }
    told = [(t.title, t.details, f"{t.done_on:%d/%m/%Y}" if t.done_on else "") for t in tasks]
    fiche = Fiche.objects.create(
        livret=livret,
        epreuve=epreuve,
        need=need,
        title=tasks[0].title,
        rubrics=coverage.draft_rubrics(epreuve, facts, told),
    )
    fiche.tasks.set(tasks)
    cfa = livret.enrolment.cohort.cfa
    record("fiche_begun", fiche, cfa=cfa, actor=by, data={"tasks": len(tasks)})
    return fiche


@transaction.atomic
def save_fiche(
    *, fiche: Fiche, title: str, rubrics: dict[str, str], by: User, is_ready: bool = False
) -> Fiche:
    """Write the fiche; a ready one has every rubric filled, as the national model asks."""
    livret = _locked(fiche.livret, by)
    fiche = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    title = " ".join(title.split())
    if not title or len(title) > 200:
        raise DomainError("Donnez à la fiche un titre de 200 caractères au plus.", field="title")
    known = {key: label for key, label, _help in coverage.RUBRICS[fiche.epreuve]}
    kept = {key: plain_text(rubrics.get(key, fiche.rubrics.get(key, ""))) for key in known}
    for key, text in kept.items():
        if len(text) > MOST_TEXT:
            raise DomainError(f"{known[key]} : pas plus de {MOST_TEXT} caractères.", field=key)
    if is_ready and (empty := [known[key] for key, text in kept.items() if not text]):
        raise DomainError(
            f"Le modèle national demande chaque rubrique ; il manque : {', '.join(empty)}."
        )
    fiche.title, fiche.rubrics, fiche.changed_at = title, kept, timezone.now()
    fiche.state = FicheState.READY if is_ready else FicheState.DRAFT
    fiche.save()
    cfa = livret.enrolment.cohort.cfa
    record("fiche_written", fiche, cfa=cfa, actor=by, data={"state": fiche.state})
    return fiche


@transaction.atomic
def write_fiche(*, fiche: Fiche, field: str, text: str, seen: str, by: User) -> str:
    """Write the title or one rubric as it is typed; `seen` is what the writer last read of it."""
    livret = _locked(fiche.livret, by)
    fiche = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    labels = {key: label for key, label, _help in coverage.RUBRICS[fiche.epreuve]}
    if field != "title" and field not in labels:
        raise DomainError("Cette rubrique n'est pas de cette fiche.")
    current = fiche.title if field == "title" else fiche.rubrics.get(field, "")
    text = " ".join(text.split()) if field == "title" else plain_text(text)
    if current not in (text, plain_text(seen)):
        raise Changed(field=field, current=current)
    if field == "title" and not 0 < len(text) <= 200:
        raise DomainError("Donnez à la fiche un titre de 200 caractères au plus.", field=field)
    if len(text) > MOST_TEXT:
        raise DomainError(f"{labels[field]} : pas plus de {MOST_TEXT} caractères.", field=field)
    if text == current:
        return text
    if field == "title":
        fiche.title = text
    else:
        fiche.rubrics[field] = text
        if not text:
            fiche.state = FicheState.DRAFT  # a ready one has every rubric
    fiche.changed_at = timezone.now()
    fiche.save()
    data = {"state": fiche.state, "field": field}
    record("fiche_written", fiche, cfa=livret.enrolment.cohort.cfa, actor=by, data=data)
    return text


def deposit_fiche(*, fiche: Fiche, by: User) -> DossierPiece:
    """Print a ready fiche and hand it in to the candidate's dossier of the épreuve, a version at each time."""
    if fiche.state != FicheState.READY:
        raise DomainError("Remplissez chaque rubrique et enregistrez la fiche comme prête d'abord.")
    enrolment = fiche.livret.enrolment
    if enrolment.apprentice.user_id != by.pk:
        raise NotAllowed("Une fiche est déposée par l'apprenti lui-même.")
    epreuve = Epreuve.objects.filter(
        referentiel=enrolment.cohort.programme.referentiel_id, code=fiche.epreuve
    ).first()
    if epreuve is None:
        raise DomainError("Cette épreuve n'est pas celle de votre diplôme.")
    cfa, now = enrolment.cohort.cfa, timezone.localtime().replace(microsecond=0)
    context = freeze(fiche_context(fiche), cfa)
    title = f"Fiche {fiche.epreuve} n° {number_of(fiche)}"
    data, _pages = render_context(
        document_kind("fiche_activite"), context, code=new_code(), title=title, issued_at=now
    )
    name = f"fiche_{fiche.epreuve}_{number_of(fiche)}.pdf"
    with transaction.atomic():
        dossier = open_dossier(enrolment=enrolment, epreuve=epreuve, by=by)
        piece = deposit_piece(
            dossier=dossier,
            kind=PieceKind.FICHE,
            number=number_of(fiche),
            file=SimpleUploadedFile(name, data, "application/pdf"),
            by=by,
        )
        record("fiche_deposited", fiche, cfa=cfa, actor=by, data={"sha256": piece.sha256})
    return piece
