"""The deeds on a period: open the livret, write, position, sign, ask for a correction."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment
from attendance.actions.signing import COPIED, Hand
from attendance.enums import SignatureMethod
from programmes.models import Competence

from .. import rules
from ..enums import CompetenceLevel, MaitrePosition, PeriodRole, PeriodState
from ..models import (
    CompetencePosition,
    Livret,
    LivretPeriod,
    PeriodSignature,
    PersonalLink,
    Scan,
)
from ..permissions import can_open_livret, can_steer_livret, role_in_period
from ..rules import layout
from .calendar import calendar_of, dates_of
from .screen import sign_on_screen

MOST_TEXT = 5000
SIGNED = "Votre partie est signée : elle ne change plus. Écrivez la suite dans la période suivante."
BAD_LINK = "Ce lien n'est plus valable : demandez-en un nouveau au CFA."
NOT_BY_HAND = "L'équipe du CFA ou le tuteur enregistre une signature à la main."
NOT_YOUR_PERIOD = (
    "Cette période appartient à l'apprenti, à son maître d'apprentissage d'alors et à son tuteur."
)
OTHER_PAGE = (
    "La marque ne correspond pas au texte d'aujourd'hui : il a changé depuis l'impression. "
    "Imprimez-le de nouveau et faites-le signer."
)
SEALED = "Ce livret est scellé depuis la fin de la formation : il se lit, il ne s'écrit plus."


@transaction.atomic
def open_livret(*, enrolment: Enrolment, by: User) -> Livret:
    """Create the livret with the periods of its cohort; an open one is returned as it is."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__cfa", "cohort__programme", "apprentice")
        .get(pk=enrolment.pk)
    )
    if not can_open_livret(by, enrolment):
        raise NotAllowed("L'équipe du CFA ou le tuteur de l'apprenti ouvre le livret.")
    if livret := Livret.objects.filter(enrolment=enrolment).first():
        return livret
    first, last = dates_of(enrolment)
    livret = Livret.objects.create(enrolment=enrolment, opened_by=by)
    cadence, starts = calendar_of(enrolment.cohort)
    spans = layout.spans_from(starts, first, last, layout.SHORTEST[cadence])
    periods = LivretPeriod.objects.bulk_create(
        LivretPeriod(livret=livret, number=s.number, starts_on=s.starts_on, ends_on=s.ends_on)
        for s in spans
    )
    record(
        "livret_opened", livret, cfa=enrolment.cohort.cfa, actor=by, data={"periods": len(periods)}
    )
    return livret


def locked_period(period: LivretPeriod) -> LivretPeriod:
    """The period as it is now, locked; refused when the livret is sealed."""
    fresh = (
        LivretPeriod.objects.select_for_update(of=("self",))
        .select_related(
            "livret__enrolment__apprentice__user",
            "livret__enrolment__tutor",
            "livret__enrolment__cohort__cfa",
            "livret__enrolment__cohort__programme",
        )
        .get(pk=period.pk)
    )
    if fresh.livret.sealed_at:
        raise DomainError(SEALED)
    return fresh


def role_of(period: LivretPeriod, by: User | None, link: PersonalLink | None, at: datetime) -> str:
    if link is not None:
        link = PersonalLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if not link.is_usable(at):
            raise NotAllowed(BAD_LINK)
    role = role_in_period(period, by=by, link=link)
    if role is None:
        raise NotAllowed(NOT_YOUR_PERIOD)
    return role


def check_writable(period: LivretPeriod, role: str) -> None:
    if not rules.can_write(role, period.state):
        raise DomainError(SIGNED)


def write_period(
    *,
    period: LivretPeriod,
    field: str,
    text: str,
    by: User | None = None,
    link: PersonalLink | None = None,
) -> LivretPeriod:
    """Write one field of one's own section."""
    return save_section(period=period, values={field: text}, by=by, link=link)


@transaction.atomic
def save_section(
    *,
    period: LivretPeriod,
    values: dict[str, str],
    levels: dict[Competence, str] | None = None,
    seen: dict[str, str] | None = None,
    by: User | None = None,
    link: PersonalLink | None = None,
) -> LivretPeriod:
    """Write several fields and competence positions of one's own section at once.

    `seen` holds what the writer last read of a field: if it was changed elsewhere meanwhile, nothing is
    written over it.
    """
    period = locked_period(period)
    role = role_of(period, by, link, timezone.now())
    check_writable(period, role)
    changed = []
    for field, text in values.items():
        if field not in rules.SECTIONS[role]:
            raise NotAllowed("Cette partie est écrite par une autre personne.")
        text = plain_text(text)
        if len(text) > MOST_TEXT:
            raise DomainError(f"Pas plus de {MOST_TEXT} caractères.", field=field)
        if field == "maitre_position" and text and text not in MaitrePosition.values:
            raise DomainError("Choisissez une appréciation de la liste.", field=field)
        current = getattr(period, field)
        if seen and field in seen and current not in (text, plain_text(seen[field])):
            raise rules.Changed(field=field, current=current)
        if current != text:
            setattr(period, field, text)
            changed.append(field)
    if changed:
        period.save(update_fields=changed)
    changed += _position(period, role, levels or {})
    if changed:
        record_period("period_written", period, by, link, {"role": role, "fields": changed})
    return period


def plain_text(text: str) -> str:
    """What was typed, without what no page shows."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


@transaction.atomic
def position_competence(
    *,
    period: LivretPeriod,
    competence: Competence,
    level: str,
    by: User | None = None,
    link: PersonalLink | None = None,
) -> CompetencePosition | None:
    """Place the apprentice on one competence, as the apprentice or as the maître."""
    save_section(period=period, values={}, levels={competence: level}, by=by, link=link)
    return CompetencePosition.objects.filter(period=period, competence=competence).first()


def _position(period: LivretPeriod, role: str, levels: dict[Competence, str]) -> list[str]:
    if not levels:
        return []
    if role == PeriodRole.TUTOR:
        raise NotAllowed("Les compétences sont situées par l'apprenti et son maître.")
    name = f"{role}_level"
    referentiel = period.livret.enrolment.cohort.programme.referentiel_id
    allowed = set(
        Competence.objects.filter(bloc__referentiel=referentiel).values_list("pk", flat=True)
    )
    known = {row.competence_id: row for row in period.positions.all()}
    changed = []
    for competence, level in levels.items():
        if competence.pk not in allowed:
            raise DomainError("Cette compétence n'est pas de ce diplôme.")
        if level and level not in CompetenceLevel.values:
            raise DomainError("Choisissez un niveau de la liste.")
        row = known.get(competence.pk) or CompetencePosition(period=period, competence=competence)
        if getattr(row, name) != level:
            setattr(row, name, level)
            row.save()
            changed.append(competence.code)
    return changed


def sign_period(
    *,
    period: LivretPeriod,
    role: str,
    by: User | None = None,
    link: PersonalLink | None = None,
    strokes: Any = None,
    typed_name: str = "",
    seen: str | None = None,
    user_agent: str = "",
    ip: str | None = None,
    at: datetime | None = None,
) -> LivretPeriod:
    """Sign one's section, which locks it; the third signature closes the period.

    `seen` is the hash of the text that was on the signer's page: if it changed meanwhile, nobody has
    signed anything.
    """
    hand = Hand(
        strokes=strokes,
        typed_name=typed_name,
        method=SignatureMethod.OWN_PHONE,
        user_agent=user_agent,
        ip=ip,
        at=at or timezone.now(),
    )
    try:
        with transaction.atomic():
            return _sign(period, role, by, link, seen, hand)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def _sign(period, role, by, link, seen, hand) -> LivretPeriod:
    at = hand.at
    period = locked_period(period)
    # A link replayed in the past (demo) is judged at that time.
    if role_of(period, by, link, at) != role:
        raise NotAllowed("Vous ne pouvez signer qu'en votre nom.")
    state = rules.next_state(period.state, role)
    if state is None:
        raise DomainError(_refusal(period, role))
    if timezone.localdate(at) < period.starts_on:
        raise DomainError(
            f"Cette période commence le {period.starts_on:%d/%m/%Y} : elle se signe ensuite."
        )
    values = {name: getattr(period, name) for name in rules.SECTIONS[role]}
    if absent := rules.missing(role, values):
        raise DomainError(f"Avant de signer, complétez {' et '.join(absent)}.")
    content = period.content()
    digest = rules.text_digest(content)
    signer, names = _signer(period, role, by, link)
    row = PeriodSignature(
        period=period, role=role, round=period.round, text_sha256=digest, content=content, link=link
    )
    sign_on_screen(row, seen=seen, signer=signer, names=names, hand=hand)
    _advance(period, role, state, at)
    data = {"role": role, "text_sha256": digest, "signature": str(row.trace.uuid)}
    record_period("period_signed", period, by, link, data, at)
    return period


def _advance(period: LivretPeriod, role: str, state: str, at: datetime) -> None:
    trace = {"apprentice": "apprentice_signed_at", "maitre": "maitre_signed_at"}.get(
        role, "closed_at"
    )
    period.state = state
    setattr(period, trace, at)
    period.save(update_fields=("state", trace))


@transaction.atomic
def sign_period_by_hand(
    *, period: LivretPeriod, role: str, scan: Scan, printed: str, by: User
) -> LivretPeriod:
    """Record a signature given on the printed page; `printed` is the mark at the foot of that page."""
    period = locked_period(period)
    if not can_steer_livret(by, period.livret):
        raise NotAllowed(NOT_BY_HAND)
    state = rules.next_state(period.state, role)
    if state is None:
        raise DomainError(_refusal(period, role))
    values = {name: getattr(period, name) for name in rules.SECTIONS[role]}
    if absent := rules.missing(role, values):
        raise DomainError(f"Avant de signer, complétez {' et '.join(absent)}.")
    content = period.content()
    digest = rules.text_digest(content)
    if printed.strip().lower() != digest[:8]:
        raise DomainError(OTHER_PAGE, field="printed")
    PeriodSignature.objects.create(
        period=period, role=role, round=period.round, scan=scan, text_sha256=digest, content=content
    )
    _advance(period, role, state, timezone.now())
    data = {"role": role, "text_sha256": digest, "scan": scan.sha256}
    record_period("period_signed_by_hand", period, by, None, data)
    return period


@transaction.atomic
def ask_correction(
    *,
    period: LivretPeriod,
    note: str,
    by: User | None = None,
    link: PersonalLink | None = None,
) -> LivretPeriod:
    """Ask that the text be corrected; what was signed is kept, and a new version is signed again by all."""
    period = locked_period(period)
    role = role_of(period, by, link, timezone.now())
    note = plain_text(note)
    if not note:
        raise DomainError("Écrivez ce qu'il faut corriger : la note est obligatoire.", field="note")
    if len(note) > MOST_TEXT:
        raise DomainError(f"Pas plus de {MOST_TEXT} caractères.", field="note")
    if period.state == PeriodState.CLOSED and role != PeriodRole.TUTOR:
        raise NotAllowed("Une période signée par les trois se rouvre par le tuteur ou le CFA.")
    signed = [row.role for row in period.signatures.filter(round=period.round)]
    if signed or period.state != PeriodState.DRAFT:
        period.round += 1
        period.state = PeriodState.DRAFT
        period.apprentice_signed_at = period.maitre_signed_at = period.closed_at = None
        period.maitre_excuse = ""
    period.correction_note, period.correction_role = note, role
    period.save()
    data = {"role": role, "round": period.round, "sign_again": signed}
    record_period("period_correction_asked", period, by, link, data, reason=note)
    return period


@transaction.atomic
def excuse_maitre(*, period: LivretPeriod, reason: str, by: User) -> LivretPeriod:
    """Go on without the maître's signature: gone, or the contract broken; the reason is kept."""
    period = locked_period(period)
    if not can_steer_livret(by, period.livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur passe la signature du maître.")
    reason = plain_text(reason)
    if not reason:
        raise DomainError(
            "Écrivez pourquoi le maître d'apprentissage ne signe pas.", field="reason"
        )
    if period.state != PeriodState.APPRENTICE_SIGNED:
        raise DomainError("Ce n'est pas la signature du maître d'apprentissage qui est attendue.")
    period.state, period.maitre_excuse = PeriodState.MAITRE_SIGNED, reason
    period.save(update_fields=("state", "maitre_excuse"))
    record_period("period_maitre_excused", period, by, None, {}, reason=reason)
    return period


def _refusal(period: LivretPeriod, role: str) -> str:
    if period.signatures.filter(role=role, round=period.round).exists():
        return "Vous avez déjà signé cette période."
    awaited = PeriodRole(rules.awaited_role(period.state) or role)
    return f"La signature attendue d'abord est celle de : {awaited.name_inside}."


def _signer(period, role, by, link) -> tuple[User | None, list[str]]:
    enrolment = period.livret.enrolment
    if role == PeriodRole.APPRENTICE:
        apprentice = enrolment.apprentice
        return by, [str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"]
    if link is not None:
        return None, [str(link.maitre)]
    return by, [str(by)]


def record_period(verb, period, by, link, data, at=None, reason="") -> None:
    """One line of history about the period, with the link that was used."""
    extra = {"link": str(link.uuid), "person": link.person} if link else {}
    cfa = period.livret.enrolment.cohort.cfa
    record(verb, period, cfa=cfa, actor=by, happened_at=at, reason=reason, data=data | extra)
