"""What a draft of a contract says so far: its forms, its pay lines, its findings. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from accounts.errors import DomainError
from accounts.french import with_comma

from .completeness import OF_A_MINOR
from .contract_forms import CHECKBOXES, STEPS, StepForm
from .contract_proposals import proposals
from .enums import PayBase
from .models import Contract, ContractDraft, Enrolment, MaitreApprentissage
from .pay import PayLine, PayTermsError, Segment, minimum_segments, payroll
from .rules import Finding, blocking, check_contract
from .selectors import facts_of, pay_terms_of
from .tables import NoValueError

NEEDED = ("maitre", "concluded_on", "starts_on", "ends_on", "training_hours")
RATE = "rate_"


@dataclass(frozen=True)
class PayRow:
    """One period of the panel: its minimum and what is offered."""

    segment: Segment
    name: str
    rate: Decimal
    monthly: Decimal
    is_known: bool


@dataclass(frozen=True)
class Preview:
    """What the panel says; `is_ready` when enough is known to check."""

    is_ready: bool
    rows: tuple[PayRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    missing: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return blocking(self.findings)

    @property
    def has_unknown_smic(self) -> bool:
        return any(not row.is_known and row.segment.base == PayBase.SMIC for row in self.rows)

    @property
    def to_verify(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.blocks)


@dataclass(frozen=True)
class Entry:
    """The whole entry, read from the raw values of a draft."""

    enrolment: Enrolment
    values: Mapping[str, str]
    forms: dict[str, StepForm]
    cleaned: dict[str, Any] = field(default_factory=dict)

    def wrong_steps(self) -> list[str]:
        return [key for key, form in self.forms.items() if form.errors]


def rate_name(segment: Segment) -> str:
    return f"{RATE}{segment.starts_on:%Y%m%d}"


def read_entry(enrolment: Enrolment, values: Mapping[str, str]) -> Entry:
    """Bind each step's form to the raw values and gather what is clean."""
    forms: dict[str, StepForm] = {}
    cleaned: dict[str, Any] = {}
    for key, form_class in STEPS.items():
        form = form_class(values, cfa=enrolment.cohort.cfa)
        form.is_valid()
        forms[key] = form
        cleaned |= form.cleaned_data
    return Entry(enrolment, values, forms, cleaned)


def start_values(enrolment: Enrolment) -> dict[str, str]:
    return proposals(enrolment, timezone.localdate())


def posted_values(step: str, data: Mapping[str, str]) -> dict[str, str]:
    """What a page sent of its own fields; an unticked box counts as empty."""
    names = STEPS[step].base_fields
    values = {name: str(data.get(name, ""))[:2000] for name in names}
    if step == "remuneration":
        values |= {
            name: str(data[name])[:20]
            for name in data
            if name.startswith(RATE) and len(name) == len(RATE) + 8
        }
    return values


def values_of(contract: Contract) -> dict[str, str]:
    """The raw values that a recorded contract would have been typed with."""
    values: dict[str, str] = {}
    for form in STEPS.values():
        for name in form.base_fields:
            if name == "weekly_hours":
                value: Any = with_comma(Decimal(contract.weekly_minutes) / 60)
            elif name in ("maitre", "maitre2"):
                value = getattr(contract, f"{name}_id") or ""
            else:
                value = getattr(contract, name)
            if name in CHECKBOXES:
                value = "on" if value else ""
            if isinstance(value, Decimal):
                value = with_comma(value)
            values[name] = "" if value is None else str(value)
    for period in contract.pay_periods.all():
        values[f"{RATE}{period.starts_on:%Y%m%d}"] = with_comma(period.rate)
    if not values["training_starts_on"]:
        values["training_starts_on"] = contract.enrolment.starts_on.isoformat()
    return values


def deed_of(entry: Entry) -> dict[str, Any]:
    """The cleaned values as the action names them."""
    values = dict(entry.cleaned)
    values["company"] = values["maitre"].company
    values["weekly_minutes"] = round((values.pop("weekly_hours", None) or 35) * 60)
    values["distance_hours"] = values.get("distance_hours") or Decimal(0)
    return values


def read_pay(entry: Entry) -> tuple[PayLine, ...]:
    """The offered lines: the rate typed for each legal period, the minimum where none is typed."""
    lines = []
    for segment in _segments(entry):
        raw = entry.values.get(rate_name(segment), "").strip().replace(",", ".").rstrip("% ")
        try:
            rate = Decimal(raw).quantize(Decimal("0.01")) if raw else segment.rate
        except InvalidOperation:
            rate = Decimal(-1)
        if not (rate.is_finite() and 0 < rate <= 200):
            raise DomainError(
                f"Période du {segment.starts_on:%d/%m/%Y} : indiquez un taux entre 0 et 200 %, "
                "par exemple 51.",
                field="smc",
            )
        lines.append(PayLine(segment.starts_on, segment.ends_on, segment.year, rate, segment.base))
    return tuple(lines)


def contract_of(entry: Entry) -> Contract:
    """The contract that the entry describes, in memory; everything in NEEDED must be there."""
    values = deed_of(entry)
    fields = {f.name for f in Contract._meta.get_fields()}
    contract = Contract(enrolment=entry.enrolment)
    for name, value in values.items():
        if name in fields:
            setattr(contract, name, value)
    return contract


def preview(entry: Entry, *, pk: int | None = None) -> Preview:
    """Check what is already typed; wait quietly while something needed is missing."""
    missing = missing_data(entry)
    if any(entry.cleaned.get(name) in (None, "") for name in NEEDED):
        return Preview(False, missing=missing)
    if entry.cleaned["ends_on"] <= entry.cleaned["starts_on"]:
        problem = "La fin du contrat doit suivre son début."
        return Preview(False, problem=problem, missing=missing)
    try:
        segments = _segments(entry)
        lines = read_pay(entry)
        contract = contract_of(entry)
        contract.pk = pk
        findings = check_contract(facts_of(contract, lines))
        rows = tuple(
            _row(segment, line, contract) for segment, line in zip(segments, lines, strict=True)
        )
    except (DomainError, NoValueError, PayTermsError) as error:
        return Preview(False, problem=str(error), missing=missing)
    return Preview(True, rows, findings, missing=missing)


def _row(segment: Segment, line: PayLine, contract: Contract) -> PayRow:
    first = payroll(
        (line,), contract.smc, mayotte=contract.mayotte, weekly_minutes=contract.weekly_minutes
    )[0]
    return PayRow(segment, rate_name(segment), line.rate, first.amount, first.is_known)


def _segments(entry: Entry) -> tuple[Segment, ...]:
    contract = contract_of(entry)
    if contract.ends_on <= contract.starts_on:
        return ()
    try:
        return minimum_segments(pay_terms_of(contract))
    except (NoValueError, PayTermsError) as error:
        raise DomainError(str(error), field="starts_on") from error


# Data of the CERFA that are on the sheets of the apprentice and of the company: field, what to say.
APPRENTICE_DATA = (
    ("sex", "sexe de l'apprenti"),
    ("nir_encrypted", "numéro de sécurité sociale de l'apprenti (NIR)"),
    ("nationality", "nationalité de l'apprenti"),
    ("birth_place", "commune de naissance de l'apprenti"),
    ("address", "adresse de l'apprenti"),
    ("email", "adresse e-mail de l'apprenti"),
    ("situation_before", "situation de l'apprenti avant le contrat"),
    ("last_diploma", "dernier diplôme préparé"),
    ("last_diploma_title", "intitulé du dernier diplôme préparé"),
    ("last_class", "dernière classe suivie"),
    ("highest_diploma", "diplôme le plus élevé obtenu"),
)
COMPANY_DATA = (
    ("siret", "SIRET de l'entreprise"),
    ("employer_type", "type d'employeur"),
    ("employer_specific", "employeur spécifique (0 : aucun)"),
    ("naf", "code NAF de l'entreprise"),
    ("idcc", "IDCC de l'entreprise"),
    ("headcount", "effectif de l'entreprise"),
    ("city", "commune de l'entreprise"),
    ("email", "adresse e-mail de l'entreprise"),
    ("opco", "OPCO de l'entreprise"),
)
# A mandatory mention (R6222-3).
MAITRE_DATA = (("born_on", "date de naissance du maître d'apprentissage (ou tuteur)"),)


def missing_data(entry: Entry) -> tuple[str, ...]:
    """What the CERFA asks and the sheets of the apprentice and of the company do not say yet."""
    return missing_of(entry.enrolment, entry.cleaned.get("maitre"))


def missing_of(enrolment: Enrolment, maitre: MaitreApprentissage | None) -> tuple[str, ...]:
    """In the order of the form: the apprentice, then the company and who follows the apprentice there."""
    apprentice = enrolment.apprentice
    asked: list[tuple[Any, Sequence[tuple[str, str]]]] = [(apprentice, APPRENTICE_DATA)]
    if apprentice.is_minor:
        asked += [(apprentice, OF_A_MINOR)]
    if maitre is not None:
        asked += [(maitre.company, COMPANY_DATA), (maitre, MAITRE_DATA)]
    return tuple(
        words
        for sheet, fields in asked
        for name, words in fields
        if getattr(sheet, name) in (None, "")
    )


def draft_of(enrolment: Enrolment) -> ContractDraft | None:
    return (
        ContractDraft.objects.filter(enrolment=enrolment)
        .select_related("saved_by", "contract")
        .first()
    )
