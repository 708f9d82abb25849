"""Everything the checks need to know of a contract, and what they find."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.french import with_comma

from ..enums import ContractKind, ContractType, FindingLevel
from ..pay import PayLine, PayTerms, age_on
from ..tables import RuleText


@dataclass(frozen=True)
class ContractFacts:
    """A contract as the law looks at it; amounts in euros, hours in decimal hours."""

    born_on: date
    concluded_on: date
    starts_on: date
    ends_on: date
    training_starts_on: date
    training_ends_on: date
    cycle_months: int
    training_hours: Decimal
    minimum_hours: Decimal
    kind: ContractKind = ContractKind.APPRENTISSAGE
    contract_type: str = ContractType.FIRST
    previous_number: str = ""
    # The end, by term or rupture, of the contract before; `previous_broken` tells which.
    previous_ended_on: date | None = None
    previous_broken: bool = False
    amendment_on: date | None = None
    practice_starts_on: date | None = None
    last_exam_on: date | None = None
    derogation: str = ""
    over_29_reason: str = ""
    duration_reason: str = ""
    tripartite_on: date | None = None
    rqth: bool = False
    extension_boe: bool = False
    dangerous_machines: bool = False
    has_legal_representative: bool = False
    is_emancipated: bool = False
    maitre_born_on: date | None = None
    maitre_attested: bool = True
    maitre_competence: str = "experience"
    # Other apprentices followed over the same days, and among them those prolonged after a failure.
    maitre_other_apprentices: int = 0
    maitre_prolonged_apprentices: int = 0
    weekly_minutes: int = 2100
    distance_hours: Decimal = Decimal(0)
    rncp_until: date | None = None
    code_diplome: str = ""
    rncp_code_diplome: str = ""
    smc: Decimal | None = None
    floor_rate: Decimal | None = None
    plus_15: bool = False
    prolonged_on: date | None = None
    bac_professionnel: bool = False
    mayotte: bool = False
    idcc: str = ""
    pay_lines: tuple[PayLine, ...] = ()

    @property
    def pay_terms(self) -> PayTerms:
        return PayTerms(
            self.born_on,
            self.starts_on,
            self.ends_on,
            self.cycle_months,
            self.smc,
            kind=self.kind,
            floor_rate=self.floor_rate,
            plus_15=self.plus_15,
            rqth=self.rqth,
            prolonged_on=self.prolonged_on,
            idcc=self.idcc,
            bac_professionnel=self.bac_professionnel,
            mayotte=self.mayotte,
            weekly_minutes=self.weekly_minutes,
        )

    @property
    def is_apprenticeship(self) -> bool:
        return self.kind == ContractKind.APPRENTISSAGE

    @property
    def maitre_word(self) -> str:
        return "le maître d'apprentissage" if self.is_apprenticeship else "le tuteur"

    @property
    def is_amendment(self) -> bool:
        return self.contract_type.startswith("3")

    @property
    def age_at_start(self) -> int:
        return age_on(self.born_on, self.starts_on)


@dataclass(frozen=True)
class Finding:
    """What a check found: `field` names the form field that it concerns."""

    id: str
    level: FindingLevel
    message: str
    field: str

    @property
    def blocks(self) -> bool:
        return self.level == FindingLevel.BLOCKING


def blocking(findings: Collection[Finding]) -> tuple[Finding, ...]:
    """Those that refuse the contract."""
    return tuple(f for f in findings if f.blocks)


def block(text: RuleText, message: str, field: str) -> Finding:
    """A finding that refuses the contract, with its article."""
    return Finding(text.id, FindingLevel.BLOCKING, f"{message} ({text.article})", field)


def warn(text: RuleText, message: str, field: str) -> Finding:
    """A finding to verify, with its article."""
    return Finding(text.id, FindingLevel.WARNING, f"{message} ({text.article})", field)


def hours(value: Decimal) -> str:
    """« 12,5 h »."""
    return f"{with_comma(value)} h"


def percent(value: Decimal) -> str:
    """« 12,5 % »."""
    return f"{with_comma(value)} %"
