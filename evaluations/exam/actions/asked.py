"""What a candidate asks when registering, and what of it is refused; nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.errors import DomainError
from evaluations.models import CcfSitting, ExamRegistration, ExamSession, ReceivedFile
from evaluations.rules import parse_mark
from programmes.enums import Categorie
from programmes.selectors import categorie_of_cfa

from ..candidates import half
from ..enums import EXAM_DAY, EXAM_MONTH, Forme, Plan, Status
from ..rules import Candidate, Entry, Reglement

Problem = tuple[str, str]  # what it is about (a unit, a field), and a French sentence


@dataclass(frozen=True)
class UnitPlan:
    """What the candidate asks for one unit; `mark` is text as typed."""

    plan: str = Plan.SIT
    mark: str = ""
    session: int | None = None
    proof: ReceivedFile | None = None
    by_vae: bool = False


def exam_categorie(session: ExamSession) -> Categorie:
    """The column of the règlement d'examen of the CFA's apprentices at this session."""
    return categorie_of_cfa(session.cfa, date(session.year, EXAM_MONTH, EXAM_DAY))


def entries_of(
    plans: Mapping[str, UnitPlan], reglement: Reglement
) -> tuple[dict[str, Entry], list[tuple[str, str]]]:
    entries: dict[str, Entry] = {}
    problems: list[tuple[str, str]] = []
    for code, plan in plans.items():
        if plan.plan == Plan.KEPT:
            try:
                mark = parse_mark(plan.mark)
            except DomainError as error:
                problems.append((code, f"{code} : {error.message}"))
                continue
            if mark is None:
                problems.append((code, f"Indiquez la note conservée de {code}."))
                continue
            entries[code] = Entry(Status.KEPT, half(mark), plan.session)
        elif plan.plan == Plan.DISPENSED:
            if plan.proof is None:
                problems.append(
                    (
                        code,
                        f"Joignez la pièce qui justifie la dispense de {code} : diplôme, relevé.",
                    )
                )
            entries[code] = Entry(Status.DISPENSED, by_vae=plan.by_vae)
    return entries, problems


def refused_requests(
    registration: ExamRegistration,
    candidate: Candidate,
    plans: Mapping[str, UnitPlan],
    forme_reason: str,
) -> Iterator[Problem]:
    """Every request that this registration may not make."""
    for code, plan in plans.items():
        if plan.proof is not None and plan.proof.registration_id != registration.pk:
            yield code, f"La pièce de {code} n'est pas de ce candidat."
    yield from _about_forme(candidate.forme, forme_reason)
    yield from _about_categorie(registration, candidate)
    yield from _about_sittings(registration, candidate)
    yield from _about_marks(registration, plans, candidate.options)


def _about_forme(forme: str, reason: str) -> Iterator[Problem]:
    """An apprentice sits all units in one session unless the recteur allows otherwise (D643-14)."""
    if forme == Forme.PROGRESSIVE and len(reason.strip()) < 5:
        yield (
            "forme",
            "La forme globale est obligatoire pour un apprenti (D643-14) : indiquez la dérogation "
            "du recteur, avec sa date.",
        )


def _about_categorie(registration: ExamRegistration, candidate: Candidate) -> Iterator[Problem]:
    """A CCF needs a habilitation at the exam (D643-19; REF2018, annexe II)."""
    allowed = (registration.categorie, Categorie.PONCTUEL, exam_categorie(registration.session))
    if candidate.categorie not in allowed:
        yield "categorie", "Le CFA n'est pas habilité au CCF à cette session (REF2018, annexe II)."


def _about_sittings(registration: ExamRegistration, candidate: Candidate) -> Iterator[Problem]:
    """Nobody awaits at a CCF one whom the registration takes out of it."""
    to_come = CcfSitting.objects.standing().filter(
        situation__evaluation__enrolment=registration.enrolment_id, starts_at__gte=timezone.now()
    )
    for sitting in to_come.select_related("situation__evaluation__epreuve__unite"):
        epreuve = sitting.situation.evaluation.epreuve
        entry = candidate.units.get(epreuve.unite.code)
        is_sat = entry is None or entry.status == Status.MARK
        if is_sat and candidate.categorie != Categorie.PONCTUEL:
            continue
        yield (
            "categorie" if is_sat else epreuve.unite.code,
            f"{epreuve.code} : un passage de CCF est prévu le "
            f"{timezone.localtime(sitting.starts_at):%d/%m/%Y} ; retirez-le ou annulez-le d'abord.",
        )


def _about_marks(
    registration: ExamRegistration, plans: Mapping[str, UnitPlan], options: Iterable[str]
) -> Iterator[Problem]:
    """A unit that already bears a mark is not dispensed, kept nor dropped in silence."""
    for unit in registration.units.select_related("unite"):
        code = unit.unite.code
        bears = unit.outcome or any(
            getattr(unit, name) is not None for name in ("proposed", "harmonised", "decided")
        )
        plan = plans.get(code)
        is_sat = plan is None or plan.plan == Plan.SIT
        if bears and (not is_sat or (unit.unite.is_optional and code not in options)):
            yield code, f"{code} porte déjà une note : effacez-la avant de changer la demande."
