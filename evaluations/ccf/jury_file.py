"""The file for the jury, made in the background: a part per candidate, then one ZIP with its list.

A part holds the dossier, the grid and sheet, the scans of signatures and, for E4, the interim assessments
and the company's report (REF2018: kept one year at the disposal of the jury and the recteur).
"""

import io
import json
import tempfile
import zipfile
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from accounts.permissions import is_staff_of
from apprentices.exports import to_csv
from apprentices.models import Cohort, Enrolment
from documents.actions import start_items
from documents.enums import ACTIVE_JOB_STATES
from documents.kinds import JobKind, register_job
from documents.models import Job, JobItem
from documents.storing import keep_file
from programmes.models import Epreuve

from ..enums import EvaluationState, PieceKind
from ..marks.rules import show, show_cell
from ..models import CcfDossier, CcfEvaluation, Mark
from ..providers import providers
from ..rules import show_mark

KIND = "evaluations.jury_file"
HEADS = (
    "candidat",
    "dossier",
    "pièces",
    "évaluation",
    "fiche et grille",
    "note proposée",
    "manque",
)
PARTS = "jobs/parties"
ROW = "liste.json"  # the candidate's line, in each part


@transaction.atomic
def request_jury_file(*, cohort: Cohort, epreuve: Epreuve, by: User) -> Job:
    """Ask for the ZIP; asked for twice while it is being made, it is the same job."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=cohort.pk)
    if not is_staff_of(by, cohort.cfa):
        raise NotAllowed("Seule l'équipe du CFA réunit les dossiers pour le jury.")
    arguments = {"cohort": str(cohort.uuid), "epreuve": epreuve.pk}
    for job in jury_jobs(cohort.cfa):
        if job.arguments != arguments:
            continue
        if job.state in ACTIVE_JOB_STATES:
            return job
        _delete_parts(job)  # of one cancelled half-way
    people = list(cohort.enrolments.select_related("apprentice"))
    if not people:
        raise DomainError("Cette promotion n'a aucun candidat.")
    items: list[tuple[str, dict[str, Any]]] = [
        (str(one.apprentice), {"enrolment": one.pk}) for one in people
    ]
    job = start_items(
        kind=KIND,
        cfa=cohort.cfa,
        label=f"Dossiers {epreuve.code} pour le jury, {cohort.name}",
        items=[*items, ("Réunion en un fichier", {"enrolment": None})],
        by=by,
        arguments=arguments,
    )
    data = {"epreuve": epreuve.code, "job": str(job.uuid)}
    record("ccf.jury_file_requested", cohort, cfa=cohort.cfa, actor=by, data=data)
    return job


def jury_jobs(cfa):
    return Job.objects.filter(kind=KIND, cfa=cfa)


def run_item(item: JobItem) -> None:
    """Make one part, or the whole; done twice it gives the same."""
    job = Job.objects.select_related("cfa").get(pk=item.job_id)
    epreuve = Epreuve.objects.select_related("unite").get(pk=job.arguments["epreuve"])
    if item.arguments["enrolment"] is None:
        _assemble(job, epreuve)
    elif not job.file:
        _make_part(job, item, epreuve)


def _part(job: Job, item: JobItem) -> str:
    return f"{PARTS}/{job.uuid}/{item.position}.zip"


def _make_part(job: Job, item: JobItem, epreuve: Epreuve) -> None:
    name = _part(job, item)
    if default_storage.exists(name):
        return
    enrolment = Enrolment.objects.select_related("apprentice").get(
        pk=item.arguments["enrolment"], cohort__cfa=job.cfa
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:  # PDFs are compressed already
        row = write_candidate(bundle, enrolment, epreuve)
        bundle.writestr(ROW, json.dumps(row))
    default_storage.save(name, ContentFile(out.getvalue()))


def _assemble(job: Job, epreuve: Epreuve) -> None:
    """One ZIP from the parts, in the order of the list; a part that another worker lost is made here."""
    if job.file:
        return
    items = list(job.items.exclude(arguments__enrolment=None).order_by("position"))
    rows = []
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as whole:
            for item in items:
                _make_part(job, item, epreuve)
                with default_storage.open(_part(job, item)) as file, zipfile.ZipFile(file) as part:
                    rows.append(json.loads(part.read(ROW)))
                    for name in part.namelist():
                        if name != ROW:
                            whole.writestr(name, part.read(name))
            whole.writestr("liste.csv", to_csv(HEADS, rows))
        cohort = Cohort.objects.get(uuid=job.arguments["cohort"], cfa=job.cfa)
        name = f"jury_{slugify(cohort.name)}_{epreuve.code}.zip"
        keep_file(job, name, target)
    _delete_parts(job)


def _delete_parts(job: Job) -> None:
    """Those of a job that ended, was cancelled or failed: they are copies of dossiers too."""
    folder = f"{PARTS}/{job.uuid}"
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def forget_jury_files(cohort: Cohort) -> int:
    """Erase the ZIPs and parts of a cohort when its dossiers are: they hold the same files."""
    count = 0
    for job in jury_jobs(cohort.cfa):
        if job.arguments.get("cohort") != str(cohort.uuid):
            continue
        _delete_parts(job)
        if job.file:
            job.file.delete(save=False)
            job.save(update_fields=("file",))
            count += 1
    return count


# --- one candidate -------------------------------------------------------------------------------


def write_candidate(bundle: zipfile.ZipFile, enrolment: Enrolment, epreuve: Epreuve) -> list[Any]:
    """Write one candidate's folder; the line of the list says what is there and what is missing."""
    evaluation = (
        CcfEvaluation.objects.filter(enrolment=enrolment, epreuve=epreuve)
        .select_related("document")
        .first()
    )
    dossier = CcfDossier.objects.filter(enrolment=enrolment, epreuve=epreuve).first()
    person = enrolment.apprentice
    last, first = slugify(person.usage_name or person.last_name), slugify(person.first_name)
    folder = f"{last.upper()}_{first.title()}_{enrolment.pk}"
    missing: list[str] = []
    kinds = _write_pieces(bundle, folder, dossier)
    if dossier is None:
        missing.append("dossier")
    has_sheet = _write_sheet(bundle, folder, evaluation)
    if not has_sheet:
        missing.append("fiche et grille")
    if epreuve.code == "E4":
        bundle.writestr(f"{folder}/evaluations-intermediaires.csv", _interim(enrolment, epreuve))
        if not _write_reports(bundle, folder, enrolment) and PieceKind.REPORT not in kinds:
            missing.append("compte rendu d'évaluation en entreprise")
    is_locked = evaluation is not None and evaluation.state == EvaluationState.LOCKED
    return [
        str(person),
        dossier.get_state_display() if dossier else "aucun",
        len(kinds),
        evaluation.get_state_display() if evaluation else "à commencer",
        "oui" if has_sheet else "non",
        show_mark(evaluation.mark) if evaluation and is_locked else "",
        ", ".join(missing),
    ]


def _write_pieces(bundle: zipfile.ZipFile, folder: str, dossier: CcfDossier | None) -> list[str]:
    """The last version of each piece; returns their kinds."""
    seen: dict[tuple[str, int], str] = {}
    for piece in dossier.pieces.all() if dossier else ():
        if (piece.kind, piece.number) in seen or not piece.file:
            continue
        seen[piece.kind, piece.number] = piece.kind
        extension = str(piece.file.name).rsplit(".", 1)[-1]
        name = f"{folder}/dossier/{piece.kind}-{piece.number or 1}_v{piece.version}.{extension}"
        _copy(bundle, name, piece.file)
    return list(seen.values())


def _write_sheet(bundle: zipfile.ZipFile, folder: str, evaluation: CcfEvaluation | None) -> bool:
    """The sheet with its grid, and the scans of those signed by hand."""
    if evaluation is None:
        return False
    for number, scan in enumerate(evaluation.files.exclude(file="").order_by("pk"), start=1):
        _copy(bundle, f"{folder}/fiche-signee-{number}{scan.extension}", scan.file)
    document = evaluation.document
    if document is None or not document.file:
        return False
    _copy(bundle, f"{folder}/{document.file_name}", document.file)
    return True


def _write_reports(bundle: zipfile.ZipFile, folder: str, enrolment: Enrolment) -> bool:
    """The livret, where the company's people wrote and signed, when it is issued."""
    documents = providers.company_reports([enrolment]).get(enrolment.pk, [])
    for document in documents:
        _copy(bundle, f"{folder}/entreprise/{document.file_name}", document.file)
    return bool(documents)


def _copy(bundle: zipfile.ZipFile, name: str, stored) -> None:
    with stored.open("rb") as file:
        bundle.writestr(name, file.read())


def _interim(enrolment: Enrolment, epreuve: Epreuve) -> bytes:
    """The formative marks of the bloc, that situation A of E4 rests on (REF2018)."""
    marks = (
        Mark.objects.filter(enrolment=enrolment, assessment__subject__unite_code=epreuve.unite.code)
        .select_related("assessment__subject")
        .order_by("assessment__held_on", "pk")
    )
    return to_csv(
        ("date", "évaluation", "matière", "note", "barème", "coefficient"),
        [
            (
                mark.assessment.held_on,
                mark.assessment.title,
                mark.assessment.subject.title,
                show_cell(mark.status, mark.value),
                show(mark.assessment.scale),
                show(mark.assessment.coefficient),
            )
            for mark in marks
        ],
    )


register_job(
    JobKind(
        code=KIND,
        label="Dossiers de CCF pour le jury",
        run_item=run_item,
        may_read=lambda user, job: is_staff_of(user, job.cfa),  # a role may have been lost since
        failure="Les dossiers n'ont pas pu être réunis. Relancez la tâche ; si l'erreur revient, "
        "prévenez l'administrateur.",
    )
)
