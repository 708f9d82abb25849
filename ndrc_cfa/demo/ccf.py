"""The CCF of the demo around the grids: dates of deposit, dossiers, a planned E4 B, a fiche-sujet."""

from datetime import date, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.errors import DomainError
from accounts.models import User
from apprentices.models import Cohort, Enrolment
from evaluations.ccf import dossiers, planning, sheets
from evaluations.models import CcfEvaluation
from evaluations.samples import small_pdf
from programmes.calendar_rules import Rhythm, half_days
from programmes.models import Epreuve

CANDIDATE = (
    "Boutique Lumière, cliente depuis deux ans, hésite à renouveler son contrat d'entretien."
)
JURY = "Son budget a baissé d'un tiers ; elle a reçu l'offre d'un concurrent moins cher."


def organise(
    cohort: Cohort, enrolments: list[Enrolment], *, team: dict[str, User], today: date
) -> None:
    """Deposits of three candidates, one check, a row of E4 B in the coming days, one fiche-sujet."""
    if len(enrolments) < 3:
        return  # a small demo, for the tests
    e4 = Epreuve.objects.get(referentiel=cohort.programme.referentiel, code="E4")
    deadline = min(cohort.ends_on, today + timedelta(days=20))
    if deadline >= cohort.starts_on:
        dossiers.set_deadline(cohort=cohort, epreuve=e4, deposit_on=deadline, by=team["elise"])
    for enrolment in enrolments[2:5]:
        dossier = dossiers.open_dossier(enrolment=enrolment, epreuve=e4, by=team["bruno"])
        for kind, number in (("fiche", 1), ("fiche", 2), ("attestation", 0)):
            file = SimpleUploadedFile(f"{kind}.pdf", small_pdf(f"{kind} {number} {enrolment.pk}"))
            dossiers.deposit_piece(
                dossier=dossier,
                kind=kind,
                number=number,
                file=file,
                by=enrolment.apprentice.user or team["bruno"],
            )
    dossiers.check_dossier(
        dossier=dossiers.open_dossier(enrolment=enrolments[2], epreuve=e4, by=team["bruno"]),
        grounds=[],
        remarks=[],
        doubt=False,
        comment="",
        by=team["bruno"],
    )
    _plan(cohort, e4, enrolments[2:6], team, today)


def _plan(
    cohort: Cohort, e4: Epreuve, enrolments: list[Enrolment], team: dict[str, User], today: date
) -> None:
    """E4 B on the next day at the CFA that is free, when there is one left."""
    last = min(cohort.ends_on, today + timedelta(days=60))
    days = half_days(today + timedelta(days=7), last, Rhythm.from_json(cohort.rhythm))
    if not any(_planned(cohort, e4, enrolments, team, half.date) for half in days[:12]):
        return  # no day at the CFA is left to this cohort
    evaluation = CcfEvaluation.objects.get(enrolment=enrolments[0], epreuve=e4)
    asked = sheets.rubrics(evaluation)
    sheets.save_fiche_sujet(
        evaluation=evaluation,
        candidate=dict.fromkeys(asked["candidate"], CANDIDATE),
        jury=dict.fromkeys(asked["jury"], JURY),
        by=team["bruno"],
    )


def _planned(
    cohort: Cohort, e4: Epreuve, enrolments: list[Enrolment], team: dict[str, User], day: date
) -> bool:
    """Whether that day takes them: the commission may be teaching another cohort."""
    try:
        planning.plan_series(
            cohort=cohort,
            epreuve=e4,
            code="B",
            enrolments=enrolments,
            day=day,
            starts=time(9),
            gap=5,
            room="2",
            trainers=[team["bruno"], team["ines"]],
            by=team["bruno"],
        )
    except DomainError:
        return False
    return True
