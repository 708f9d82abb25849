"""The deeds of the planning: give a date, a row of dates, convene, note an absence."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of
from apprentices.models import Cohort, Enrolment
from documents.actions import DocumentRequest, request_documents
from documents.enums import SEALED_STATES
from documents.models import Job
from programmes.calendar_rules import Rhythm, half_days
from programmes.models import Epreuve
from programmes.selectors import categorie_of_cfa, rule_for

from .. import actions as grading
from ..enums import DossierState, MemberKind, SittingState
from ..models import CcfDossier, CcfEvaluation, CcfMember, CcfSitting
from ..permissions import can_grade_enrolment
from ..providers import providers
from . import documents
from .concerned import outside_ccf
from .mail import send_convocations
from .rules import (
    Member,
    Slot,
    check_commission,
    check_final_year,
    check_within,
    conflicts,
    is_named,
    series,
    taught_conflicts,
    third_more,
)


class Guest(NamedTuple):
    """A member of the commission without account, convened by e-mail where there is an address."""

    name: str
    kind: str
    email: str = ""


def situation_minutes(epreuve: Epreuve, cohort: Cohort, code: str, day: date) -> int | None:
    """How long the situation lasts in this session; None for one without sitting (E4 A)."""
    rule = rule_for(epreuve, categorie_of_cfa(cohort.cfa, day))
    parts = rule.parts if rule else []
    return next((part.get("duration_minutes") for part in parts if part["code"] == code), None)


def halves_of(cohort: Cohort, day: date) -> list[tuple[time, time]]:
    """The half-days of the cohort at the CFA on that day."""
    try:
        rhythm = Rhythm.from_json(cohort.rhythm)
    except ValueError:
        raise DomainError(
            "Le rythme de la promotion n'est pas défini : complétez-le pour planifier ses CCF.",
            field="day",
        ) from None
    return [(half.starts, half.ends) for half in half_days(day, day, rhythm)]


def extra_for(enrolment: Enrolment, minutes: int) -> int:
    """The extra time proposed to a candidate with a disability; the arrangement decides."""
    return third_more(minutes) if enrolment.apprentice.rqth else 0


@transaction.atomic
def plan_sitting(
    *,
    enrolment: Enrolment,
    epreuve: Epreuve,
    code: str,
    day: date,
    starts: time,
    room: str,
    trainers: Sequence[User],
    guests: Sequence[Guest] = (),
    extra_minutes: int = 0,
    by: User,
) -> CcfSitting:
    """Give a date to one situation of one candidate, or move it; what collides is refused."""
    if not can_grade_enrolment(by, enrolment):
        raise NotAllowed("Seuls l'équipe du CFA et les formateurs du candidat planifient son CCF.")
    cohort = enrolment.cohort
    grading.check_ccf(enrolment, epreuve, day)
    evaluation = _evaluation(enrolment, epreuve, by)
    minutes = situation_minutes(epreuve, cohort, code, day)
    if minutes is None:
        raise DomainError(
            f"La situation {code} de {epreuve.code} s'apprécie pendant la formation : elle n'a pas "
            "de passage à convoquer."
        )
    _check_dossier(enrolment, epreuve)
    _check_day(enrolment, epreuve, day)
    room = room.strip()
    if not room:
        raise DomainError("Indiquez la salle.", field="room")
    if not 0 <= extra_minutes <= 2 * minutes:
        raise DomainError("Le temps majoré ne dépasse pas le double de la durée.", field="extra")
    # Two people planning at once would each find the room free.
    Cfa.objects.select_for_update(of=("self",)).get(pk=cohort.cfa_id)
    begin = timezone.make_aware(datetime.combine(day, starts))
    end = begin + timedelta(minutes=minutes + extra_minutes)
    check_within(starts, timezone.localtime(end).time(), halves_of(cohort, day), day)
    members = _members(cohort, trainers, guests)
    check_commission(epreuve.code, epreuve.unite.bloc.title, members)
    situation = evaluation.situations.select_for_update(of=("self",)).get(code=code)
    current = _current(situation)
    _check_conflicts(enrolment, begin, end, room, members, trainers, current)
    sitting = current or CcfSitting(situation=situation)
    sitting.starts_at, sitting.minutes, sitting.extra_minutes = begin, minutes, extra_minutes
    sitting.room, sitting.state = room, SittingState.PLANNED
    sitting.save()
    sitting.members.all().delete()
    found = [CcfMember(user=user, name=str(user), kind=MemberKind.TEACHER) for user in trainers]
    found += [
        CcfMember(
            name=one.name,
            kind=MemberKind(one.kind),
            email=one.email or _known_email(enrolment, one),
        )
        for one in guests
    ]
    for one in found:
        one.sitting = sitting
    CcfMember.objects.bulk_create(found)
    situation.held_on = day
    situation.evaluators = ", ".join(one.name for one in found)[:300]
    situation.save(update_fields=["held_on", "evaluators"])
    data = {"situation": code, "starts": begin.isoformat(), "room": room}
    record("ccf.planned", evaluation, cfa=cohort.cfa, actor=by, data=data)
    return sitting


def _evaluation(enrolment: Enrolment, epreuve: Epreuve, by: User) -> CcfEvaluation:
    found = CcfEvaluation.objects.filter(enrolment=enrolment, epreuve=epreuve).first()
    if found is None:
        return grading.start_evaluation(enrolment=enrolment, epreuve=epreuve, by=by)
    return grading.open_for(found, by)


def _check_dossier(enrolment: Enrolment, epreuve: Epreuve) -> None:
    if CcfDossier.objects.filter(
        enrolment=enrolment, epreuve=epreuve, state=DossierState.NV
    ).exists():
        raise DomainError(
            "Le dossier est non valide (NV) : le candidat n'est pas interrogé, même présent (REF2018)."
        )


def _check_day(enrolment: Enrolment, epreuve: Epreuve, day: date) -> None:
    last = enrolment.ends_on or enrolment.cohort.ends_on
    if not enrolment.starts_on <= day <= last:
        raise DomainError(
            f"Le CCF a lieu pendant la formation : du {enrolment.starts_on:%d/%m/%Y} au "
            f"{last:%d/%m/%Y} (REF2018).",
            field="day",
        )
    cohort = enrolment.cohort
    check_final_year(epreuve.code, cohort.starts_on, cohort.ends_on, day)


def _members(cohort: Cohort, trainers: Sequence[User], guests: Sequence[Guest]) -> list[Member]:
    teaching = set(cohort.trainers.values_list("pk", flat=True))
    found = [Member(str(one), MemberKind.TEACHER, one.pk in teaching) for one in trainers]
    return found + [Member(one.name, one.kind) for one in guests]


def _known_email(enrolment: Enrolment, guest: Guest) -> str:
    """The address of the candidate's own maître d'apprentissage, when that is who sits."""
    for contract in enrolment.contracts.select_related("maitre").exclude(maitre__email=""):
        if contract.maitre and is_named(guest.name, str(contract.maitre)):
            return contract.maitre.email
    return ""


def _current(situation) -> CcfSitting | None:
    """The sitting to move; after one cancelled or a justified absence a new one, after another absence none."""
    sittings = list(situation.sittings.exclude(state=SittingState.CANCELLED).order_by("pk"))
    if sittings and sittings[-1].state != SittingState.ABSENT:
        return sittings[-1]
    if sittings and not sittings[-1].is_justified:
        raise DomainError(
            "Le candidat était absent sans justification : pas de nouvelle convocation. Notez "
            "l'absence justifiée si le motif est admis ; sinon il est déclaré absent (art. D643-24)."
        )
    return None


def _slot(sitting: CcfSitting) -> Slot:
    evaluation = sitting.situation.evaluation
    start = timezone.localtime(sitting.starts_at)
    length = sitting.minutes + sitting.extra_minutes
    return Slot(
        start,
        start + timedelta(minutes=length),
        evaluation.enrolment_id,
        sitting.room,
        frozenset(member.name for member in sitting.members.all()),
        f"{evaluation.epreuve.code} {sitting.situation.code} de {evaluation.enrolment.apprentice}",
    )


def _check_conflicts(enrolment, begin, end, room, members, trainers, current) -> None:
    day = timezone.localdate(begin)
    others = (
        CcfSitting.objects.filter(
            situation__evaluation__enrolment__cohort__cfa=enrolment.cohort.cfa,
            starts_at__date__gte=day - timedelta(days=1),
            starts_at__date__lte=day + timedelta(days=1),
        )
        .standing()
        .exclude(pk=current.pk if current else None)
        .select_related(
            "situation__evaluation__epreuve", "situation__evaluation__enrolment__apprentice"
        )
        .prefetch_related("members")
    )
    slot = Slot(begin, end, enrolment.pk, room, frozenset(one.name for one in members), "")
    found = conflicts(slot, [_slot(other) for other in others])
    found += taught_conflicts(
        slot,
        cohort=enrolment.cohort_id,
        people={user.pk: str(user) for user in trainers},
        taught=providers.taught_on(enrolment.cohort.cfa, day),
    )
    if found:
        raise DomainError(" ".join(found), field="starts")


@transaction.atomic
def plan_series(
    *,
    cohort: Cohort,
    epreuve: Epreuve,
    code: str,
    enrolments: Sequence[Enrolment],
    day: date,
    starts: time,
    gap: int,
    room: str,
    trainers: Sequence[User],
    by: User,
) -> int:
    """Give dates to a row of candidates one after the other; all of them, or nobody."""
    if not enrolments:
        raise DomainError("Choisissez au moins un candidat.", field="enrolments")
    grading.check_ccf(enrolments[0], epreuve, day)
    minutes = situation_minutes(epreuve, cohort, code, day)
    if minutes is None:
        raise DomainError(f"La situation {code} de {epreuve.code} n'a pas de passage à convoquer.")
    extras = [extra_for(one, minutes) for one in enrolments]
    lengths = [minutes + extra for extra in extras]
    moments = series(starts, lengths, gap, halves_of(cohort, day), day)
    for enrolment, extra, moment in zip(enrolments, extras, moments, strict=True):
        plan_sitting(
            enrolment=enrolment,
            epreuve=epreuve,
            code=code,
            day=day,
            starts=moment,
            room=room,
            trainers=trainers,
            extra_minutes=extra,
            by=by,
        )
    return len(moments)


@transaction.atomic
def convene(*, cohort: Cohort, by: User) -> Job:
    """Send the convocations of every planned sitting of a cohort: PDF and e-mail to each."""
    if not is_staff_of(by, cohort.cfa):
        raise NotAllowed("Le chef d'établissement et son équipe émettent les convocations.")
    sittings = list(
        CcfSitting.objects.select_for_update(of=("self",))
        .filter(
            situation__evaluation__enrolment__cohort=cohort,
            state=SittingState.PLANNED,
            starts_at__gte=timezone.now(),
        )
        .select_related(
            "document",
            "situation__evaluation__epreuve__unite__bloc",
            "situation__evaluation__enrolment__apprentice__user",
            "situation__evaluation__enrolment__cohort__programme__referentiel",
            "situation__evaluation__enrolment__cohort__cfa",
        )
        .prefetch_related("members__user")
    )
    if not sittings:
        raise DomainError("Aucun passage à venir n'attend de convocation.")
    requests = [_request(sitting) for sitting in sittings]
    job = request_documents(
        cfa=cohort.cfa, label=f"Convocations CCF ({len(sittings)})", requests=requests, by=by
    )
    keys = job.items.order_by("position").values_list("document", flat=True)
    for sitting, key in zip(sittings, keys, strict=True):
        sitting.state, sitting.convened_at = SittingState.CONVENED, timezone.now()
        sitting.document_id = key
        sitting.save(update_fields=["state", "convened_at", "document"])
        evaluation = sitting.situation.evaluation
        data = {"situation": sitting.situation.code, "starts": sitting.starts_at.isoformat()}
        record("ccf.convened", evaluation, cfa=cohort.cfa, actor=by, data=data)
    transaction.on_commit(lambda: send_convocations(sittings))
    return job


def _request(sitting: CcfSitting) -> DocumentRequest:
    evaluation = sitting.situation.evaluation
    readers = [member.user for member in sitting.members.all() if member.user]
    candidate = evaluation.enrolment.apprentice.user
    cancelled = sitting.situation.sittings.filter(state=SittingState.CANCELLED)
    old = sitting.document or next((one.document for one in cancelled.order_by("-pk")), None)
    return DocumentRequest(
        kind=documents.CONVOCATION,
        title=f"Convocation au CCF {evaluation.epreuve.code}, situation {sitting.situation.code}",
        subject_label=str(evaluation.enrolment.apprentice),
        context=documents.convocation_context(sitting),
        source={"sitting": str(sitting.uuid)},
        file_name=evaluation.enrolment.apprentice.file_name(
            f"convocation-{evaluation.epreuve.code}"
        ),
        readers=[*readers, candidate] if candidate else readers,
        replaces=old if old and old.state in SEALED_STATES else None,
    )


@transaction.atomic
def note_absence(*, sitting: CcfSitting, is_justified: bool, reason: str, by: User) -> CcfSitting:
    """The candidate did not come; justified, a new date may be given."""
    sitting = CcfSitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    evaluation = grading.open_for(sitting.situation.evaluation, by)
    if sitting.state == SittingState.CANCELLED:
        raise DomainError("Ce passage est annulé : personne n'y était attendu.")
    if sitting.starts_at > timezone.now():
        raise DomainError("Ce passage n'a pas encore eu lieu : déplacez-le ou annulez-le plutôt.")
    reason = reason.strip()
    if is_justified and len(reason) < 5:
        raise DomainError("Indiquez le motif admis de l'absence.", field="reason")
    situation = sitting.situation
    if sitting.state != SittingState.ABSENT:  # else its date is that of a newer sitting
        situation.held_on = None
        situation.save(update_fields=["held_on"])
    sitting.state, sitting.is_justified = SittingState.ABSENT, is_justified
    sitting.reason = reason[:300]
    sitting.save(update_fields=["state", "is_justified", "reason"])
    data = {"situation": situation.code, "justified": is_justified}
    cfa = evaluation.enrolment.cohort.cfa
    record("ccf.absence", evaluation, cfa=cfa, actor=by, reason=reason, data=data)
    return sitting


def unplanned(enrolments: Iterable[Enrolment], epreuve: Epreuve, code: str) -> list[Enrolment]:
    """The candidates who have no date for this situation, nor have passed it, nor pass it elsewhere."""
    enrolments = list(enrolments)
    outside = outside_ccf(enrolments)
    taken = set(
        CcfSitting.objects.filter(
            situation__evaluation__epreuve=epreuve,
            situation__code=code,
            situation__evaluation__enrolment__in=enrolments,
        )
        .standing()
        .values_list("situation__evaluation__enrolment", flat=True)
    )
    return [
        one for one in enrolments if one.pk not in taken and not outside.why(one.pk, epreuve.code)
    ]
