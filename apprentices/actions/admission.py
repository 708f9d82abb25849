"""From the application to the enrolment: file, interview, positioning test, decision, waiting list."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..admission.rules import (
    OPEN,
    TRANSITIONS,
    Gate,
    pieces_asked,
    places_left,
    without_contract_problem,
)
from ..enums import ApplicationAction, ApplicationState, InterviewOpinion
from ..models import (
    Application,
    ApplicationPiece,
    Apprentice,
    Cohort,
    Enrolment,
    PositioningTest,
)
from ..permissions import must_run_cfa
from .cohorts import enrol_apprentice
from .people import create_apprentice
from .saving import clean_and_save


@transaction.atomic
def apply_to_cohort(
    *, apprentice: Apprentice, cohort: Cohort, received_on: date, by: User, source: str = ""
) -> Application:
    """Open the file of somebody who asks to enter a cohort."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=cohort.pk)
    must_run_cfa(by, cohort.cfa)
    if apprentice.cfa_id != cohort.cfa_id:
        raise DomainError("Cette promotion est celle d'un autre CFA.", field="cohort")
    if cohort.ends_on < timezone.localdate():
        raise DomainError(
            f"La promotion {cohort} est terminée depuis le {cohort.ends_on:%d/%m/%Y}.",
            field="cohort",
        )
    if received_on > timezone.localdate():
        raise DomainError("La date de réception ne peut pas être à venir.", field="received_on")
    if cohort.enrolments.filter(apprentice=apprentice).exists():
        raise DomainError(
            f"{apprentice} est déjà {apprentice.agree('inscrit(e)')} dans {cohort}.", field="cohort"
        )
    application = Application(
        apprentice=apprentice, cohort=cohort, received_on=received_on, source=source.strip()
    )
    clean_and_save(application)
    ApplicationPiece.objects.bulk_create(
        ApplicationPiece(
            application=application, code=p.code, label=p.label, is_required=p.is_required
        )
        for p in pieces_asked()
        if p.code != "rqth" or apprentice.rqth
    )
    record(
        "application.received",
        application,
        cfa=cohort.cfa,
        actor=by,
        data={"promotion": str(cohort), "venu par": application.source},
    )
    return application


@transaction.atomic
def create_candidate(
    *,
    cohort: Cohort,
    received_on: date,
    by: User,
    first_name: str,
    last_name: str,
    born_on: date,
    source: str = "",
    **fields: Any,
) -> Application:
    """A new person and their application, at once."""
    apprentice = create_apprentice(
        cfa=cohort.cfa, first_name=first_name, last_name=last_name, born_on=born_on, by=by, **fields
    )
    return apply_to_cohort(
        apprentice=apprentice, cohort=cohort, received_on=received_on, source=source, by=by
    )


@transaction.atomic
def receive_pieces(
    *, application: Application, received: Iterable[str], by: User, on: date | None = None
) -> Application:
    """Tick the papers that are there; a paper unticked is asked for again."""
    application = _open(application, by)
    day = on or timezone.localdate()
    codes = set(received)
    changed = {}
    for piece in application.pieces.select_for_update(of=("self",)):
        is_here = piece.code in codes
        if is_here != bool(piece.received_on):
            piece.received_on = day if is_here else None
            piece.save(update_fields=["received_on"])
            changed[piece.label] = "reçue" if is_here else "manquante"
    if changed:
        _record("application.pieces_received", application, by, data=changed)
    return application


@transaction.atomic
def record_interview(
    *,
    application: Application,
    interviewed_on: date,
    interviewer: User,
    interview_opinion: str,
    by: User,
    interview_notes: str = "",
) -> Application:
    """Write the individual interview: day, who led it, opinion, account of it."""
    application = _open(application, by)
    if interviewed_on > timezone.localdate():
        raise DomainError("L'entretien ne peut pas être à venir.", field="interviewed_on")
    if interview_opinion not in InterviewOpinion.values:
        raise DomainError("Choisissez l'avis de l'entretien.", field="interview_opinion")
    application.interviewed_on = interviewed_on
    application.interviewer = interviewer
    application.interview_opinion = interview_opinion
    application.interview_notes = interview_notes.strip()
    clean_and_save(application)
    _record("application.interview_saved", application, by, data={"le": interviewed_on.isoformat()})
    return application


@transaction.atomic
def record_positioning(
    *,
    application: Application,
    taken_on: date,
    assessor: User,
    score: Decimal,
    maximum: Decimal,
    hours_removed: Decimal,
    findings: str,
    by: User,
) -> PositioningTest:
    """Write the positioning test: dated, scored, with the hours it allows to remove (D8)."""
    application = _open(application, by)
    announced = application.cohort.programme.hours_announced
    if taken_on > timezone.localdate():
        raise DomainError("Le test ne peut pas être à venir.", field="taken_on")
    if not 0 <= score <= maximum:
        raise DomainError(f"Le résultat se place entre 0 et {maximum:g}.", field="score")
    if not 0 <= hours_removed < announced:
        raise DomainError(
            f"La formation compte {announced:g} h : le test en retire moins.", field="hours_removed"
        )
    if not findings.strip():
        raise DomainError(
            "Écrivez ce que le test montre : c'est la preuve du positionnement.", field="findings"
        )
    test = PositioningTest.objects.filter(application=application).first() or PositioningTest(
        application=application
    )
    test.taken_on, test.assessor = taken_on, assessor
    test.score, test.maximum = score, maximum
    test.hours_removed, test.findings = hours_removed, findings.strip()
    clean_and_save(test)
    _record(
        "application.positioning_saved",
        application,
        by,
        data={"résultat": f"{score:g}/{maximum:g}", "heures retirées": f"{hours_removed:g}"},
    )
    return test


@transaction.atomic
def decide(
    *, application: Application, action: str, by: User, reason: str = "", on: date | None = None
) -> Application:
    """Admit, put on the waiting list, refuse, note a withdrawal, or open the file again."""
    application = _locked(application, by)
    deed = ApplicationAction(action)
    if deed == ApplicationAction.ENROL:
        raise DomainError("L'inscription demande un tuteur et une date : utilisez « Inscrire ».")
    state = _next(application, deed)
    day = on or timezone.localdate()
    if day < application.received_on:
        raise DomainError("La décision suit la réception de la candidature.", field="on")
    if deed == ApplicationAction.REFUSE and not reason.strip():
        raise DomainError("Écrivez le motif : la personne peut le demander.", field="reason")
    if deed == ApplicationAction.ADMIT:
        _check_gate(application)
        if not places_of(application.cohort):
            raise DomainError(
                f"La promotion {application.cohort} est complète ({application.cohort.capacity} "
                "places prises ou réservées) : mettez cette personne en liste d'attente."
            )
    application.state = state
    application.waiting_since = timezone.now() if state == ApplicationState.WAITING else None
    reopened = deed == ApplicationAction.REOPEN
    application.decided_on = None if reopened else day
    application.decided_by = None if reopened else by
    application.decision_reason = reason.strip()
    application.save(
        update_fields=["state", "waiting_since", "decided_on", "decided_by", "decision_reason"]
    )
    _record(
        "application.reopened" if reopened else f"application.{state.value}",
        application,
        by,
        reason=reason.strip(),
    )
    return application


@transaction.atomic
def enrol_admitted(
    *,
    application: Application,
    starts_on: date,
    tutor: User | None,
    has_contract: bool,
    by: User,
) -> Enrolment:
    """Enrol somebody admitted; without a contract, only from 16 to 29 and for three months (V06)."""
    application = _locked(application, by)
    state = _next(application, ApplicationAction.ENROL)
    if not has_contract and (
        problem := without_contract_problem(application.apprentice.born_on, starts_on)
    ):
        raise DomainError(problem, field="has_contract")
    enrolment = enrol_apprentice(
        cohort=application.cohort,
        apprentice=application.apprentice,
        tutor=tutor,
        starts_on=starts_on,
        by=by,
    )
    application.state, application.enrolment = state, enrolment
    application.save(update_fields=["state", "enrolment"])
    _record(
        "application.enrolled", application, by, data={"contrat": "oui" if has_contract else "non"}
    )
    return enrolment


def places_of(cohort: Cohort) -> int:
    """Free places: neither taken by somebody enrolled nor held for somebody admitted."""
    day = max(cohort.starts_on, timezone.localdate())
    return places_left(
        cohort.capacity,
        cohort.enrolments.active_on(day).count(),
        cohort.applications.taking_a_place().count(),
    )


def gate_of(application: Application) -> Gate:
    """What the file lacks before an admission."""
    return Gate(
        missing_pieces=tuple(
            p.label for p in application.pieces.all() if p.is_required and not p.received_on
        ),
        is_interviewed=application.interviewed_on is not None,
        is_positioned=hasattr(application, "positioning"),
    )


def _check_gate(application: Application) -> None:
    if refusals := gate_of(application).refusals:
        raise DomainError(" ".join(refusals))


def _next(application: Application, action: ApplicationAction) -> ApplicationState:
    state = TRANSITIONS.get((ApplicationState(application.state), action))
    if state is None:
        raise DomainError(
            f"La candidature de {application.apprentice} est « "
            f"{application.get_state_display().lower()} » : « {action.label.lower()} » ne "
            "s'applique plus. Rechargez la page."
        )
    return state


def _open(application: Application, by: User) -> Application:
    application = _locked(application, by)
    if application.state not in OPEN:
        raise DomainError(
            f"Cette candidature est « {application.get_state_display().lower()} » : son dossier "
            "ne change plus."
        )
    return application


def _locked(application: Application, by: User) -> Application:
    # The cohort first, as enrol_apprentice does: places are counted by one person at a time.
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=application.cohort_id)
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "apprentice", "cohort__cfa", "cohort__programme"
    )
    found = rows.get(pk=application.pk)
    must_run_cfa(by, cohort.cfa)
    return found


def _record(
    verb: str,
    application: Application,
    by: User,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    record(verb, application, cfa=application.cohort.cfa, actor=by, reason=reason, data=data)
