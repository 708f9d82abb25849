"""The file for the jury: per candidate, dossier, grid and sheet, interim assessments; one ZIP with its list."""

import tempfile
import zipfile
from typing import IO

from django.utils.text import slugify

from apprentices.exports import to_csv
from apprentices.models import Cohort
from programmes.models import Epreuve

from ..enums import EvaluationState
from ..marks.rules import show, show_cell
from ..models import CcfDossier, CcfEvaluation, Mark
from ..rules import show_mark

HEADS = (
    "candidat",
    "dossier",
    "pièces",
    "évaluation",
    "fiche et grille",
    "note proposée",
    "manque",
)


def build_jury_file(cohort: Cohort, epreuve: Epreuve) -> IO[bytes]:
    """A temporary ZIP, read from its beginning; each candidate in a folder, and liste.csv."""
    evaluations = {
        one.enrolment_id: one
        for one in CcfEvaluation.objects.filter(
            enrolment__cohort=cohort, epreuve=epreuve
        ).select_related("document")
    }
    dossiers = {
        one.enrolment_id: one
        for one in CcfDossier.objects.filter(
            enrolment__cohort=cohort, epreuve=epreuve
        ).prefetch_related("pieces")
    }
    target = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        rows = [
            _candidate(
                bundle,
                enrolment,
                epreuve,
                evaluations.get(enrolment.pk),
                dossiers.get(enrolment.pk),
            )
            for enrolment in cohort.enrolments.select_related("apprentice")
        ]
        bundle.writestr("liste.csv", to_csv(HEADS, rows))
    target.seek(0)
    return target


def _candidate(bundle, enrolment, epreuve, evaluation, dossier) -> list:
    person = enrolment.apprentice
    folder = f"{slugify(person.usage_name or person.last_name).upper()}_{slugify(person.first_name).title()}_{enrolment.pk}"
    missing, pieces = [], 0
    if dossier is None:
        missing.append("dossier")
    else:
        seen = set()
        for piece in dossier.pieces.all():
            if (piece.kind, piece.number) in seen or not piece.file:
                continue  # the last version of each piece
            seen.add((piece.kind, piece.number))
            extension = piece.file.name.rsplit(".", 1)[-1]
            name = f"{folder}/dossier/{piece.kind}-{piece.number or 1}_v{piece.version}.{extension}"
            with piece.file.open("rb") as file:
                bundle.writestr(name, file.read())
            pieces += 1
    document = evaluation.document if evaluation else None
    if document and document.file:
        with document.file.open("rb") as file:
            bundle.writestr(f"{folder}/{document.file_name}", file.read())
    else:
        missing.append("fiche et grille")
    if epreuve.code == "E4":
        bundle.writestr(f"{folder}/evaluations-intermediaires.csv", _interim(enrolment, epreuve))
        if not dossier or not any(p.kind == "compte_rendu" for p in dossier.pieces.all()):
            missing.append("compte rendu d'évaluation en entreprise")
    return [
        str(person),
        dossier.get_state_display() if dossier else "aucun",
        pieces,
        evaluation.get_state_display() if evaluation else "à commencer",
        "oui" if document and document.file else "non",
        show_mark(evaluation.mark)
        if evaluation and evaluation.state == EvaluationState.LOCKED
        else "",
        ", ".join(missing),
    ]


def _interim(enrolment, epreuve: Epreuve) -> bytes:
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
