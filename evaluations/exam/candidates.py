"""From the rows of a session to the candidates that the rules judge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from apprentices.models import Enrolment
from evaluations.enums import DossierState, EvaluationState, SittingState
from evaluations.models import (
    CcfDossier,
    CcfEvaluation,
    CcfSitting,
    ExamRegistration,
    ExamSession,
    ExamUnit,
)
from evaluations.rules import show_mark
from programmes.enums import Categorie

from .enums import PASSED, Outcome, Plan, RegistrationState, Stage, Status
from .reglements import reglement_of
from .rules import HALF, Candidate, Entry, Reglement, UnitRule, Verdict, decide
from .rules.candidate import Refused, mark_of_parts
from .rules.simulation import with_marks

CODES: Mapping[str, str] = {Outcome.ABSENT: "AB", Outcome.FORCE_MAJEURE: "FM", Outcome.NV: "NV"}


def half(mark: Decimal) -> int:
    """A stored mark in half points."""
    return int(mark * HALF)


def ccf_bars(enrolments: Iterable[Enrolment]) -> dict[tuple[int, str], Outcome]:
    """(enrolment, épreuve code) -> NV or AB: a dossier not valid, an absence left without justification.

    The jury decides; these are what the CFA has noted (REF2018, D643-24).
    """
    people = list(enrolments)
    absent = (
        CcfSitting.objects.filter(
            situation__evaluation__enrolment__in=people, state=SittingState.ABSENT
        )
        .filter(is_justified=False)
        .values_list("situation__evaluation__enrolment", "situation__evaluation__epreuve__code")
    )
    invalid = CcfDossier.objects.filter(enrolment__in=people, state=DossierState.NV).values_list(
        "enrolment", "epreuve__code"
    )
    return dict.fromkeys(absent, Outcome.ABSENT) | dict.fromkeys(invalid, Outcome.NV)


def ccf_marks(enrolments: Iterable[Enrolment]) -> dict[tuple[int, str], Decimal]:
    """(enrolment, épreuve code) -> the mark proposed by the CCF commission, once locked."""
    evaluations = CcfEvaluation.objects.filter(
        enrolment__in=list(enrolments),
        state=EvaluationState.LOCKED,
        mark__isnull=False,
    ).values_list("enrolment", "epreuve__code", "mark")
    return {(enrolment, code): mark for enrolment, code, mark in evaluations}


def asked_units(enrolments: Iterable[Enrolment], session: int) -> dict[int, dict[str, ExamUnit]]:
    """What each asked for at that session, by enrolment then unit code (one query)."""
    found = ExamUnit.objects.filter(
        registration__enrolment__in=list(enrolments), registration__session__year=session
    ).exclude(registration__state=RegistrationState.WITHDRAWN)
    asked: dict[int, dict[str, ExamUnit]] = {}
    for unit in found.select_related("unite", "registration"):
        asked.setdefault(unit.registration.enrolment_id, {})[unit.unite.code] = unit
    return asked


def part_entry(unit: ExamUnit, rule: UnitRule, reglement: Reglement) -> Entry | None:
    """The unit's entry from the marks of its parts, when all are there."""
    texts = [unit.parts.get(part.code, "") for part in rule.parts]
    if not rule.parts or not all(texts):
        return None
    zero = int(HALF * reglement.force_majeure_mark)
    absent = tuple(rank for rank, text in enumerate(texts) if text == "FM")
    marks = tuple(zero if text == "FM" else half(Decimal(text)) for text in texts)
    return Entry(
        Status.MARK,
        mark_of_parts(rule, marks, reglement.rounding),
        parts=marks,
        absent_parts=absent,
    )


def entry_of(
    unit: ExamUnit, rule: UnitRule, reglement: Reglement, ccf: Decimal | None = None
) -> Entry | None:
    """What the unit bears today: the jury's mark, else the harmonised one, else the proposed one."""
    if unit.plan == Plan.KEPT:
        assert unit.kept_mark is not None  # a constraint of the table
        return Entry(Status.KEPT, half(unit.kept_mark), unit.kept_session)
    if unit.plan == Plan.DISPENSED:
        return Entry(Status.DISPENSED, by_vae=unit.by_vae)
    if unit.outcome:
        return Entry(Status(unit.outcome))
    final = unit.decided if unit.decided is not None else unit.harmonised
    parts = part_entry(unit, rule, reglement)
    if final is not None:
        same = parts is not None and parts.mark == half(final)
        return parts if same else Entry(Status.MARK, half(final))
    if parts is not None:
        return parts
    proposed = unit.proposed if unit.proposed is not None else ccf
    return None if proposed is None else Entry(Status.MARK, half(proposed))


def cell_text(unit: ExamUnit, stage: str, rule: UnitRule | None = None) -> str:
    """What the grid shows of this unit at this stage."""
    if unit.outcome and stage != Stage.ORAL:
        return CODES[unit.outcome]
    if stage == Stage.PROPOSED and rule and rule.parts and unit.parts:
        texts = [unit.parts.get(part.code, "") for part in rule.parts]
        if all(texts):
            return "/".join(t if t == "FM" else show_mark(Decimal(t)) for t in texts)
    return show_mark(getattr(unit, stage))


@dataclass(frozen=True)
class Dossier:
    """A registration with what the rules need to judge it."""

    registration: ExamRegistration
    units: Mapping[str, ExamUnit]
    reglement: Reglement
    ccf: Mapping[str, Decimal]  # by épreuve code
    bars: Mapping[str, Outcome] = field(default_factory=dict)  # by épreuve code

    def entry(self, code: str) -> Entry | None:
        unit, rule = self.units.get(code), self.reglement.unit(code)
        if unit is None or rule is None:
            return None
        bar = self.bar(code)
        if bar and not unit.outcome:
            return Entry(Status(bar))
        return entry_of(unit, rule, self.reglement, self.ccf.get(rule.epreuve))

    def bar(self, code: str) -> Outcome | None:
        """What the CCF's organisation bars at a unit to sit: NV, or AB."""
        unit, rule = self.units.get(code), self.reglement.unit(code)
        if unit is None or rule is None or unit.plan != Plan.SIT:
            return None
        return self.bars.get(rule.epreuve)

    @property
    def candidate(self) -> Candidate:
        registration = self.registration
        rules, known = self.reglement, self.units
        return Candidate(
            session=rules.session,
            categorie=registration.categorie,
            forme=registration.forme,
            units={u.code: e for u in rules.units if (e := self.entry(u.code))},
            options={u.code: e for u in rules.options if (e := self.entry(u.code))},
            orals={c: half(u.oral) for c, u in known.items() if u.oral is not None},
            name=str(registration.enrolment.apprentice),
        )

    @property
    def missing(self) -> list[str]:
        """Units to sit that bear nothing yet."""
        return [code for code in self.units if self.entry(code) is None]

    @property
    def undecided(self) -> list[str]:
        """Units to sit that the jury has not decided: no mark at that stage, nor an absence."""
        return [
            code
            for code, unit in self.units.items()
            if unit.plan == Plan.SIT and unit.decided is None and not unit.outcome
        ]

    def verdict(self) -> Verdict | None:
        """The decision with the marks of today; None while a compulsory one is missing."""
        try:
            return decide(self.candidate, self.reglement)
        except Refused:
            return None

    def reachable(self) -> bool:
        """Whether passing is still possible with the best marks where there is none."""
        if any(unit.code not in self.units for unit in self.reglement.units):
            return False
        blank = {u.code: self.reglement.highest for u in self.reglement.units if u.code in self.missing}  # fmt: skip
        try:
            verdict = decide(with_marks(replace(self.candidate, orals={}), blank), self.reglement)
        except Refused:
            return False
        return verdict.decision in PASSED


def dossiers(
    session: ExamSession,
    registrations: Iterable[ExamRegistration],
    reglement: Reglement | None = None,
) -> list[Dossier]:
    """The registrations with their units and CCF marks, in a constant number of queries."""
    registrations = list(registrations)
    reglement = reglement or reglement_of(session.referentiel, session.year)
    units: dict[int, dict[str, ExamUnit]] = {one.pk: {} for one in registrations}
    for unit in ExamUnit.objects.filter(registration__in=registrations).select_related("unite"):
        units[unit.registration_id][unit.unite.code] = unit
    # Who passes everything ponctuel owes nothing to a CCF begun before.
    in_ccf = [one.enrolment for one in registrations if one.categorie != Categorie.PONCTUEL]
    marks, bars = ccf_marks(in_ccf), ccf_bars(in_ccf)
    return [
        Dossier(
            one,
            units[one.pk],
            reglement,
            {
                code: mark
                for (enrolment, code), mark in marks.items()
                if enrolment == one.enrolment_id
            },
            {code: bar for (enrolment, code), bar in bars.items() if enrolment == one.enrolment_id},
        )
        for one in registrations
    ]


def dossier(registration: ExamRegistration) -> Dossier:
    return dossiers(registration.session, [registration])[0]
