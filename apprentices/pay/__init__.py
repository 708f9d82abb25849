"""The minimum pay of a contract: one pure function, `pay_schedule`, and what is read from it.

Rules P1 to P16 of docs/rules/remuneration.md; the dates, the tables and the SMC are given.
"""

from .amounts import (
    CENT,
    BenefitsInKind,
    PayrollLine,
    amount,
    base_amount,
    benefits_in_kind,
    minimum_amount,
    payroll,
)
from .schedule import minimum_segments, offset_months, pay_schedule
from .terms import (
    DAY,
    PayLine,
    PayTerms,
    PayTermsError,
    Schedule,
    Segment,
    age_on,
    birthday,
    minimum_lines,
)

__all__ = [
    "CENT",
    "DAY",
    "BenefitsInKind",
    "PayLine",
    "PayTerms",
    "PayTermsError",
    "PayrollLine",
    "Schedule",
    "Segment",
    "age_on",
    "amount",
    "base_amount",
    "benefits_in_kind",
    "birthday",
    "minimum_amount",
    "minimum_lines",
    "minimum_segments",
    "offset_months",
    "pay_schedule",
    "payroll",
]
