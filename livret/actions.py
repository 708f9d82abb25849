"""The deeds: open a livret, write, position, sign, invite the maître, issue documents."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment, MaitreApprentissage
from attendance.actions.signing import COPIED, make_signature
from attendance.enums import SignatureMethod
from programmes.models import Competence

from . import rules
from .enums import CompetenceLevel, MaitrePosition, PeriodRole
from .issuing import issue_attestations as issue_attestations
from .issuing import issue_livrets as issue_livrets
from .models import (
    CompetencePosition,
    Livret,
    LivretPeriod,
    PeriodSignature,
    PersonalLink,
)
from .permissions import can_invite_maitre, can_open_livret, role_in_period

MOST_TEXT = 5000
SIGNED = "Votre partie est signée : elle ne change plus. Écrivez la suite dans la période suivante."
BAD_LINK = "Ce lien n'est plus valable : demandez-en un nouveau au CFA."


@transaction.atomic
def open_livret(*, enrolment: Enrolment, by: User) -> Livret:
    """Create the livret and its quarterly periods; an open one is returned as it is."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__cfa", "cohort__programme", "apprentice")
        .get(pk=enrolment.pk)
    )
    if not can_open_livret(by, enrolment):
        raise NotAllowed("L'équipe du CFA ou le tuteur de l'apprenti ouvre le livret.")
    if livret := Livret.objects.filter(enrolment=enrolment).first():
        return livret
    first = max(enrolment.starts_on, enrolment.cohort.starts_on)
    last = enrolment.ends_on or enrolment.cohort.ends_on
    if last < first:
        raise DomainError("Les dates de l'inscription ne touchent pas la promotion : corrigez-les.")
    livret = Livret.objects.create(enrolment=enrolment, opened_by=by)
    periods = LivretPeriod.objects.bulk_create(
        LivretPeriod(livret=livret, number=s.number, starts_on=s.starts_on, ends_on=s.ends_on)
        for s in rules.spans(first, last)
    )
    record(
        "livret_opened", livret, cfa=enrolment.cohort.cfa, actor=by, data={"periods": len(periods)}
    )
    return livret


def _locked(period: LivretPeriod) -> LivretPeriod:
    return (
        LivretPeriod.objects.select_for_update(of=("self",))
        .select_related(
            "livret__enrolment__apprentice__user",
            "livret__enrolment__tutor",
            "livret__enrolment__cohort__cfa",
            "livret__enrolment__cohort__programme",
        )
        .get(pk=period.pk)
    )


def _role(period: LivretPeriod, by: User | None, link: PersonalLink | None, at: datetime) -> str:
    if link is not None:
        link = PersonalLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if not link.is_usable(at):
            raise NotAllowed(BAD_LINK)
    role = role_in_period(period, by=by, link=link)
    if role is None:
        raise NotAllowed("Cette période appartient à l'apprenti, à son maître et à son tuteur.")
    return role


def _check_writable(period: LivretPeriod, role: str) -> None:
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
    period = _locked(period)
    role = _role(period, by, link, timezone.now())
    _check_writable(period, role)
    changed = []
    for field, text in values.items():
        if field not in rules.SECTIONS[role]:
            raise NotAllowed("Cette partie est écrite par une autre personne.")
        text = _plain(text)
        if len(text) > MOST_TEXT:
            raise DomainError(f"Pas plus de {MOST_TEXT} caractères.", field=field)
        if field == "maitre_position" and text and text not in MaitrePosition.values:
            raise DomainError("Choisissez une appréciation de la liste.", field=field)
        current = getattr(period, field)
        if seen and field in seen and current not in (text, _plain(seen[field])):
            raise rules.Changed(field=field, current=current)
        if current != text:
            setattr(period, field, text)
            changed.append(field)
    if changed:
        period.save(update_fields=changed)
    changed += _position(period, role, levels or {})
    if changed:
        _record("period_written", period, by, link, {"role": role, "fields": changed})
    return period


def _plain(text: str) -> str:
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
    try:
        with transaction.atomic():
            return _sign(period, role, by, link, strokes, typed_name, seen, user_agent, ip, at)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def _sign(period, role, by, link, strokes, typed_name, seen, user_agent, ip, at) -> LivretPeriod:
    at = at or timezone.now()
    period = _locked(period)
    # A link replayed in the past (demo) is judged at that time.
    if _role(period, by, link, at) != role:
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
    digest = period.digest()
    if seen is not None and seen != digest:
        raise DomainError("Le texte a changé depuis que vous l'avez lu : relisez-le, puis signez.")
    signer, names = _signer(period, role, by, link)
    signature = make_signature(
        signer=signer,
        names=names,
        strokes=strokes,
        typed_name=typed_name,
        method=SignatureMethod.OWN_PHONE,
        user_agent=user_agent,
        ip=ip,
        at=at,
    )
    PeriodSignature.objects.create(
        period=period, role=role, signature=signature, text_sha256=digest, link=link
    )
    trace = {"apprentice": "apprentice_signed_at", "maitre": "maitre_signed_at"}.get(
        role, "closed_at"
    )
    period.state = state
    setattr(period, trace, at)
    period.save(update_fields=("state", trace))
    data = {"role": role, "text_sha256": digest, "signature": str(signature.uuid)}
    _record("period_signed", period, by, link, data, at)
    return period


def _refusal(period: LivretPeriod, role: str) -> str:
    if period.signatures.filter(role=role).exists():
        return "Vous avez déjà signé cette période."
    awaited = PeriodRole(rules.awaited_role(period.state) or role)
    return f"La signature attendue d'abord est celle de : {awaited.label.lower()}."


def _signer(period, role, by, link) -> tuple[User | None, list[str]]:
    enrolment = period.livret.enrolment
    if role == PeriodRole.APPRENTICE:
        apprentice = enrolment.apprentice
        return by, [str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"]
    if link is not None:
        return None, [str(link.maitre)]
    return by, [str(by)]


def _record(verb, period, by, link, data, at=None) -> None:
    extra = {"link": str(link.uuid), "maitre": str(link.maitre)} if link else {}
    cfa = period.livret.enrolment.cohort.cfa
    record(verb, period, cfa=cfa, actor=by, happened_at=at, data=data | extra)


@transaction.atomic
def invite_maitre(*, maitre: MaitreApprentissage, by: User) -> PersonalLink:
    """Send a personal link, valid for 30 days; the earlier ones stop working."""
    maitre = (
        MaitreApprentissage.objects.select_for_update(of=("self",))
        .select_related("company__cfa")
        .get(pk=maitre.pk)
    )
    if not can_invite_maitre(by, maitre):
        raise NotAllowed("Seule l'équipe du CFA envoie un lien personnel.")
    if not maitre.email:
        raise DomainError(
            f"{maitre} n'a pas d'adresse e-mail : ajoutez-la sur la page de l'entreprise."
        )
    now = timezone.now()
    maitre.links.filter(revoked_at__isnull=True).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    link = PersonalLink.objects.create(
        maitre=maitre,
        token_sha256=rules.token_digest(token),
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=rules.LINK_DAYS),
    )
    cfa = maitre.company.cfa
    record("maitre_invited", link, cfa=cfa, actor=by)
    url = settings.PUBLIC_URL.rstrip("/") + reverse("livret:link_access", args=[token])
    text = render_to_string(
        "livret/mail/maitre_invite.txt",
        {"maitre": maitre, "cfa": cfa, "url": url, "link": link, "days": rules.LINK_DAYS},
    )
    transaction.on_commit(
        lambda: send_mail(
            f"{cfa} : le livret d'apprentissage attend votre avis", text, None, [maitre.email]
        )
    )
    return link


@transaction.atomic
def revoke_link(*, link: PersonalLink, by: User) -> PersonalLink:
    """Stop a personal link at once."""
    link = (
        PersonalLink.objects.select_for_update(of=("self",))
        .select_related("maitre__company__cfa")
        .get(pk=link.pk)
    )
    if not can_invite_maitre(by, link.maitre):
        raise NotAllowed("Seule l'équipe du CFA révoque un lien personnel.")
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=("revoked_at",))
        record("link_revoked", link, cfa=link.maitre.company.cfa, actor=by)
    return link


@transaction.atomic
def use_link(*, token: str) -> PersonalLink | None:
    """The usable link of this token, or None; notes the moment."""
    link = (
        PersonalLink.objects.select_related("maitre__company__cfa")
        .filter(token_sha256=rules.token_digest(token))
        .first()
    )
    now = timezone.now()
    if link is None or not link.is_usable(now):
        return None
    PersonalLink.objects.filter(pk=link.pk).update(last_used_at=now)
    return link
