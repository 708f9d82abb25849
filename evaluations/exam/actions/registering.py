"""Open the session of a year, register its candidates, write what they ask, confirm."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from apprentices.models import Enrolment
from documents.storing import all_or_nothing
from evaluations.models import (
    ExamRegistration,
    ExamSession,
    ExamUnit,
    ReceivedFile,
)
from evaluations.received import keep_file
from programmes.models import Referentiel

from ..enums import Forme, Plan, RegistrationState, Status
from ..permissions import can_prepare_exam
from ..reglements import reglement_of
from ..rules import Candidate, Entry, Refused
from ..rules.candidate import problems_of
from .asked import UnitPlan, entries_of, exam_categorie, refused_requests

TEAM_ONLY = "Seules l'équipe et l'administration du CFA préparent l'examen."


def check_team(user: User, cfa: Cfa) -> None:
    if not can_prepare_exam(user, cfa):
        raise NotAllowed(TEAM_ONLY)


@transaction.atomic
def open_exam_session(
    *,
    cfa: Cfa,
    referentiel: Referentiel,
    year: int,
    by: User,
    registration_closes_on: date | None = None,
) -> ExamSession:
    """Open the session of one year for one diploma; the référentiel must be that of the year."""
    check_team(by, cfa)
    last = referentiel.session_to or 9999
    if not referentiel.session_from <= year <= last:
        raise DomainError(
            f"Ce référentiel règle les {referentiel.sessions}, pas la session {year}.", field="year"
        )
    if registration_closes_on and registration_closes_on.year not in (year - 1, year):
        raise DomainError(
            f"Vérifiez la date : on s'inscrit à la session {year} à l'automne {year - 1}.",
            field="registration_closes_on",
        )
    reglement_of(referentiel, year)  # says what the référentiel lacks to decide
    if ExamSession.objects.filter(cfa=cfa, referentiel=referentiel, year=year).exists():
        raise DomainError(f"La session {year} est déjà ouverte.", field="year")
    session = ExamSession.objects.create(
        cfa=cfa,
        referentiel=referentiel,
        year=year,
        registration_closes_on=registration_closes_on,
    )
    record("exam.session_opened", session, cfa=cfa, actor=by)
    return session


@transaction.atomic
def register_candidates(
    *, session: ExamSession, enrolments: Iterable[Enrolment], by: User
) -> list[ExamRegistration]:
    """Register apprentices, every compulsory unit to sit; those already registered stay as they are."""
    session = locked_session(session.pk)
    check_team(by, session.cfa)
    if session.is_published:
        raise DomainError(
            "Les résultats de cette session sont publiés : elle ne prend plus de candidat."
        )
    chosen = list(
        Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]).select_related(
            "cohort__programme__referentiel", "apprentice"
        )
    )
    if not chosen:
        raise DomainError("Choisissez au moins un apprenti.")
    if any(one.cohort.cfa_id != session.cfa_id for one in chosen):
        raise NotAllowed("On n'inscrit que les apprentis de son CFA.")
    for one in chosen:
        if one.cohort.programme.referentiel.rncp != session.referentiel.rncp:
            raise DomainError(f"{one.apprentice} ne prépare pas ce diplôme.")
    _refuse_two_at_once(session, chosen)
    known = set(session.registrations.values_list("enrolment", flat=True))
    categorie = exam_categorie(session)
    unites = list(session.referentiel.unites.filter(is_optional=False))
    made = []
    for one in chosen:
        if one.pk in known:
            continue
        registration = ExamRegistration.objects.create(
            session=session, enrolment=one, categorie=categorie
        )
        ExamUnit.objects.bulk_create(
            ExamUnit(registration=registration, unite=unite) for unite in unites
        )
        record("exam.registered", registration, cfa=session.cfa, actor=by)
        made.append(registration)
    if not made:
        raise DomainError("Ces apprentis sont déjà inscrits à cette session.")
    return made


def _refuse_two_at_once(session: ExamSession, chosen: list[Enrolment]) -> None:
    """One spécialité per candidate and session (D643-29): nobody is registered twice the same year."""
    taken = ExamRegistration.objects.active().filter(
        session__year=session.year, enrolment__apprentice__in=[one.apprentice_id for one in chosen]
    )
    for other in taken.exclude(enrolment__in=chosen).select_related("enrolment__apprentice"):
        raise DomainError(
            f"{other.enrolment.apprentice} est déjà inscrit à la session {session.year}, dans "
            f"{other.enrolment.cohort} : une seule inscription par session (D643-29). Retirez d'abord l'autre."
        )


@transaction.atomic
def save_registration(
    *,
    registration: ExamRegistration,
    plans: Mapping[str, UnitPlan],
    options: Iterable[str],
    by: User,
    forme: str = Forme.GLOBALE,
    forme_reason: str = "",
    candidate_number: str = "",
    categorie: str = "",
) -> ExamRegistration:
    """Write what the candidate asks: kept marks, dispenses with their proof, at most two options.

    `plans` and `options` are by unit code. `Refused` tells each problem by unit; nothing is written then.
    """
    registration = locked_registration(registration)
    session = registration.session
    check_team(by, session.cfa)
    if registration.state == RegistrationState.WITHDRAWN or session.is_published:
        raise DomainError("Cette inscription ne se modifie plus.")
    reglement = reglement_of(session.referentiel, session.year)
    wanted = list(dict.fromkeys(options))
    entries, problems = entries_of(plans, reglement)
    candidate = Candidate(
        session=session.year,
        categorie=categorie or registration.categorie,
        forme=forme if forme in Forme.values else Forme.GLOBALE,
        units={u.code: entries.get(u.code, Entry(Status.MARK, 0)) for u in reglement.units},
        options={code: Entry(Status.MARK, 0) for code in wanted},
    )
    problems += problems_of(candidate, reglement)
    problems += refused_requests(registration, candidate, plans, forme_reason)
    if problems:
        raise Refused(problems)
    before = _snapshot(registration)
    registration.forme, registration.categorie = candidate.forme, candidate.categorie
    registration.forme_reason = forme_reason.strip()
    registration.candidate_number = candidate_number.strip()
    if registration.state == RegistrationState.CONFIRMED:
        registration.state = RegistrationState.DRAFT  # what is signed has changed: sign again
        registration.confirmed_on = None
    registration.save()
    _write_units(registration, plans, entries, wanted)
    after = _snapshot(registration)
    if before != after:
        data = {"before": before, "after": after}
        record("exam.registration_saved", registration, cfa=session.cfa, actor=by, data=data)
    return registration


def _write_units(
    registration, plans: Mapping[str, UnitPlan], entries: Mapping[str, Entry], options: list[str]
) -> None:
    unites = {unite.code: unite for unite in registration.session.referentiel.unites.all()}
    existing = {unit.unite.code: unit for unit in registration.units.select_related("unite")}
    wanted = [code for code, unite in unites.items() if not unite.is_optional or code in options]
    for code, unit in existing.items():
        if code not in wanted:
            unit.delete()
    for code in wanted:
        plan, entry = plans.get(code, UnitPlan()), entries.get(code)
        is_kept = plan.plan == Plan.KEPT and entry is not None and entry.mark is not None
        values = {
            "plan": plan.plan,
            "kept_mark": Decimal(entry.mark) / 2
            if is_kept and entry and entry.mark is not None
            else None,
            "kept_session": plan.session if is_kept else None,
            "proof": plan.proof if plan.plan == Plan.DISPENSED else None,
            "by_vae": plan.by_vae and plan.plan == Plan.DISPENSED,
        }
        ExamUnit.objects.update_or_create(
            registration=registration, unite=unites[code], defaults=values
        )


@all_or_nothing()
def add_proof(
    *, registration: ExamRegistration, title: str, file: UploadedFile, by: User
) -> ReceivedFile:
    """Keep what proves a dispense (a diploma, a transcript); the same file twice is one piece."""
    registration = locked_registration(registration)
    session = registration.session
    check_team(by, session.cfa)
    if registration.state == RegistrationState.WITHDRAWN or session.is_published:
        raise DomainError("Cette inscription ne se modifie plus.")
    title = " ".join(title.split())
    if len(title) < 5:
        raise DomainError(
            "Dites ce qu'est la pièce, par exemple « BTS MCO, 2024 ».", field="proof_title"
        )
    kept = keep_file(file=file, title=title, by=by, registration=registration, field="proof_file")
    data = {"proof": str(kept.uuid), "title": kept.title, "sha256": kept.sha256}
    record("exam.proof_added", registration, cfa=session.cfa, actor=by, data=data)
    return kept


@transaction.atomic
def confirm_registration(
    *, registration: ExamRegistration, confirmed_on: date, by: User
) -> ExamRegistration:
    """The candidate has signed the confirmation: what it says is what the académie has."""
    registration = locked_registration(registration)
    check_team(by, registration.session.cfa)
    if registration.state != RegistrationState.DRAFT:
        raise DomainError("Seule une inscription à confirmer se confirme.")
    if confirmed_on.year not in (registration.session.year - 1, registration.session.year):
        raise DomainError(
            f"Vérifiez la date : l'inscription à la session {registration.session.year} se confirme à "
            f"l'automne {registration.session.year - 1}.",
            field="confirmed_on",
        )
    registration.state = RegistrationState.CONFIRMED
    registration.confirmed_on = confirmed_on
    registration.save(update_fields=["state", "confirmed_on"])
    record("exam.registration_confirmed", registration, cfa=registration.session.cfa, actor=by)
    return registration


@transaction.atomic
def withdraw_registration(
    *, registration: ExamRegistration, reason: str, by: User
) -> ExamRegistration:
    """The candidate leaves the session; the row and its history stay."""
    registration = locked_registration(registration)
    check_team(by, registration.session.cfa)
    if registration.state == RegistrationState.WITHDRAWN:
        raise DomainError("Ce candidat est déjà retiré de la session.")
    if registration.session.is_published:
        raise DomainError("Les résultats sont publiés : l'inscription ne se retire plus.")
    if len(reason.strip()) < 5:
        raise DomainError("Indiquez le motif du retrait.", field="reason")
    registration.state = RegistrationState.WITHDRAWN
    registration.save(update_fields=["state"])
    record(
        "exam.registration_withdrawn",
        registration,
        cfa=registration.session.cfa,
        actor=by,
        reason=reason.strip(),
    )
    return registration


@transaction.atomic
def restore_registration(*, registration: ExamRegistration, by: User) -> ExamRegistration:
    """A candidate withdrawn by mistake, or who comes back: what was asked is to be confirmed again."""
    registration = locked_registration(registration)
    cfa = registration.session.cfa
    check_team(by, cfa)
    if registration.state != RegistrationState.WITHDRAWN:
        raise DomainError("Ce candidat est dans la session : il n'y a rien à reprendre.")
    if registration.session.is_published:
        raise DomainError("Les résultats sont publiés : la session ne prend plus de candidat.")
    registration.state, registration.confirmed_on = RegistrationState.DRAFT, None
    registration.save(update_fields=["state", "confirmed_on"])
    record("exam.registration_restored", registration, cfa=cfa, actor=by)
    return registration


def locked_session(pk: int) -> ExamSession:
    return (
        ExamSession.objects.select_for_update(of=("self",))
        .select_related("cfa", "referentiel")
        .get(pk=pk)
    )


def locked_registration(registration: ExamRegistration) -> ExamRegistration:
    """The registration with its session, whose row is taken first: nothing moves under a publication."""
    session = locked_session(registration.session_id)
    found = (
        ExamRegistration.objects.select_for_update(of=("self",))
        .select_related("enrolment__apprentice", "document")
        .get(pk=registration.pk)
    )
    found.session = session
    return found


def _snapshot(registration: ExamRegistration) -> dict:
    """All that is asked, for the history."""
    return {
        "categorie": registration.categorie,
        "forme": registration.forme,
        "forme_reason": registration.forme_reason,
        "candidate_number": registration.candidate_number,
        "state": registration.state,
        "units": {
            unit.unite.code: [
                unit.plan,
                str(unit.kept_mark or ""),
                unit.kept_session or "",
                str(unit.proof or ""),
            ]
            for unit in registration.units.select_related("unite", "proof")
        },
    }
