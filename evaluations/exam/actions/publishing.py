"""The jury's deliberation, entered by an administrator: what opens the marks to candidates and companies."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from evaluations.ccf.publication import check_day, is_published, publish_deliberation
from evaluations.models import ExamRegistration, ExamSession, PastSession
from evaluations.tasks import announce_results

from ..candidates import Dossier, cell_text, dossiers
from ..enums import PASSED, Decision, Plan, Stage
from ..permissions import can_publish_results
from ..rules import Step, Verdict, decide
from ..rules.words import as_decimal, show_half
from .registering import locked_session

MOST_NAMED = 5


class NotReady(DomainError):
    """The results cannot be published yet; `missing` names each candidate with the units that lack."""

    def __init__(self, missing: list[tuple[str, list[str]]]):
        named = " ; ".join(f"{name} ({', '.join(units)})" for name, units in missing[:MOST_NAMED])
        more = len(missing) - MOST_NAMED
        rest = f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
        super().__init__(
            f"Il manque des notes arrêtées par le jury : {named}{rest}. Saisissez-les, ou reprenez "
            "les notes proposées."
        )
        self.missing = missing


@transaction.atomic
def publish_results(
    *, session: ExamSession, deliberated_on: date, by: User, at: datetime | None = None
) -> ExamSession:
    """Freeze each result from the marks that the jury decided, and open them to those concerned."""
    session = _locked(session, by)
    if session.is_published:
        raise DomainError("Les résultats de cette session sont déjà publiés.")
    moment = at or timezone.now()
    check_day(deliberated_on, session.year, timezone.localdate(moment), field="deliberated_on")
    found = dossiers(
        session, session.registrations.active().select_related("enrolment__apprentice")
    )
    if not found:
        raise DomainError("Aucun candidat n'est inscrit à cette session.")
    missing = [
        (str(one.registration.enrolment.apprentice), one.undecided)
        for one in found
        if one.undecided
    ]
    if missing:
        raise NotReady(missing)
    session.deliberated_on = deliberated_on
    session.published_at = moment
    session.published_by = by
    session.save(update_fields=["deliberated_on", "published_at", "published_by"])
    for one in found:
        freeze_result(one)
    keep_statistics(session)
    if not is_published(session.cfa, session.year, deliberated_on):
        # One deed for the person: the sheets of the CCF open with the marks.
        publish_deliberation(
            cfa=session.cfa, session=session.year, published_on=deliberated_on, by=by
        )
    data = {"deliberated_on": deliberated_on.isoformat(), "candidates": len(found)}
    record("exam.published", session, cfa=session.cfa, actor=by, happened_at=at, data=data)
    announce_results.delay_on_commit([one.registration.pk for one in found])
    return session


@transaction.atomic
def publish_final_results(
    *, session: ExamSession, deliberated_on: date, by: User, at: datetime | None = None
) -> ExamSession:
    """After the second-chance orals: the candidates allowed to them are admitted or refused."""
    session = _locked(session, by)
    if not session.is_published or session.deliberated_on is None:
        raise DomainError("Publiez d'abord les premiers résultats.")
    if session.is_final:
        raise DomainError("Les résultats après contrôle sont déjà publiés.")
    moment = at or timezone.now()
    check_day(deliberated_on, session.year, timezone.localdate(moment), field="deliberated_on")
    if deliberated_on < session.deliberated_on:
        raise DomainError(
            "La délibération après contrôle suit la première.", field="deliberated_on"
        )
    registrations = session.registrations.active().filter(decision=Decision.CONTROLE)
    found = dossiers(session, registrations.select_related("enrolment__apprentice"))
    for one in found:
        freeze_result(one, is_final=True)
    session.final_deliberated_on = deliberated_on
    session.final_published_at = moment
    session.save(update_fields=["final_deliberated_on", "final_published_at"])
    keep_statistics(session)
    data = {"deliberated_on": deliberated_on.isoformat(), "candidates": len(found)}
    record("exam.final_published", session, cfa=session.cfa, actor=by, happened_at=at, data=data)
    announce_results.delay_on_commit([one.registration.pk for one in found])
    return session


def keep_statistics(session: ExamSession) -> None:
    """The CFA's result of the year, printed on the livrets scolaires of the next ones."""
    decisions = list(session.registrations.active().values_list("decision", flat=True))
    PastSession.objects.update_or_create(
        cfa=session.cfa,
        session=session.year,
        defaults={
            "presented": len(decisions),
            "admitted": sum(decision in PASSED for decision in decisions),
        },
    )


def judged(one: Dossier, *, is_final: bool) -> Verdict:
    """What the marks of today decide at the first deliberation, or at the final one.

    Until the second publication the orals do not count; after it, a candidate allowed to them who sat
    none is refused.
    """
    candidate = one.candidate if is_final else replace(one.candidate, orals={})
    verdict = decide(candidate, one.reglement)
    if is_final and verdict.decision == Decision.CONTROLE:
        said = (
            "Aucun oral de contrôle n'a été présenté : refusé."
            if was_offered(one.registration)
            else "Aucun oral de contrôle n'a été proposé : la note a été corrigée après la seconde "
            "délibération. Refusé."
        )
        step = Step(said, one.reglement.source("controle"))
        verdict = replace(verdict, decision=Decision.REFUSE, steps=(*verdict.steps, step))
    return verdict


def was_offered(registration: ExamRegistration) -> bool:
    """Whether the published result had opened the orals of the second chance to the candidate."""
    opened = (Decision.CONTROLE, Decision.ADMIS_APRES_CONTROLE, Decision.REFUSE)
    return registration.decision in opened and registration.verdict.get("orals_offered", True)


def misses_orals(one: Dossier) -> bool:
    """The marks of today open the orals (CONTROLE) to a candidate to whom they can be offered no more."""
    if not one.registration.session.is_final or was_offered(one.registration):
        return False
    return decide(one.candidate, one.reglement).decision == Decision.CONTROLE


def freeze_result(one: Dossier, *, is_final: bool | None = None) -> ExamRegistration:
    """Write the decision on the registration, in words that stay."""
    registration, misses = one.registration, misses_orals(one)
    verdict = judged(one, is_final=registration.session.is_final if is_final is None else is_final)
    registration.decision = verdict.decision
    registration.points = None if verdict.points is None else as_decimal(verdict.points)
    registration.coefficients = as_decimal(verdict.coefficients * 2)
    registration.average = verdict.average
    registration.verdict = frozen(verdict, one) | ({"orals_offered": False} if misses else {})
    registration.save(update_fields=["decision", "points", "coefficients", "average", "verdict"])
    return registration


def frozen(verdict: Verdict, one: Dossier) -> dict:
    """The decision as plain values: steps, units acquired, and each mark as the candidate reads it."""
    marks = []
    for rule in (*one.reglement.units, *one.reglement.options):
        unit = one.units.get(rule.code)
        if unit is None:
            continue
        if unit.plan == Plan.KEPT:
            text = f"{show_half(int((unit.kept_mark or 0) * 2))} (conservée de {unit.kept_session})"
        elif unit.plan == Plan.DISPENSED:
            text = "Dispensé"
        else:
            text = cell_text(unit, Stage.DECIDED, rule)
        marks.append(
            {
                "unit": rule.code,
                "epreuve": rule.epreuve,
                "title": rule.title,
                "text": text,
                "oral": cell_text(unit, Stage.ORAL, rule),
            }
        )
    return {
        "steps": [{"sentence": step.sentence, "source": step.source} for step in verdict.steps],
        "acquired": [
            {**one_unit._asdict(), "mark": show_half(one_unit.mark)}
            for one_unit in verdict.acquired
        ],
        "marks": marks,
    }


def _locked(session: ExamSession, by: User) -> ExamSession:
    session = locked_session(session.pk)
    if not can_publish_results(by, session.cfa):
        raise NotAllowed("Seule l'administration du CFA publie la délibération du jury.")
    return session
