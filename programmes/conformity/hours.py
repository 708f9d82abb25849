"""Hours and dates: sums, the legal minimum for the real duration, what the rhythm can reach."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..calendar_rules import (
    Rhythm,
    minimum_hours,
    quarter_of_contract_hours,
    reachable_hours,
)
from ..enums import Assumed, Severity, Topic
from .finding import Finding
from .official import Official
from .printed import Printed
from .words import hours

BLOCKING, WARNING, INFORMATION = Severity.BLOCKING, Severity.WARNING, Severity.INFORMATION
CALENDAR = "Calcul : rythme du document, jours fériés (CT L3133-1) et fermetures retirés"


def hours_findings(printed: Printed, official: Official) -> Iterator[Finding]:
    """Duration first: the minimum depends on it."""
    months = real_months(printed, official)
    minimum = minimum_for(months, official)
    yield from _duration(printed, official)
    yield from _sums(printed, minimum, official)
    yield from _minimum(printed, months, minimum, official)
    yield from _rhythm(printed, minimum)
    yield from _weeks(printed)
    yield from _assumed(printed)


def margin(official: Official) -> int:
    """By how many months a contract may be longer than the training."""
    fact = official.fact("contract_margin_months")
    return fact.value["before"] + fact.value["after"] if fact else 0


def real_months(printed: Printed, official: Official) -> int:
    """The announced duration while the dates allow it, else that of the dates."""
    claim = printed.first(Topic.MONTHS)
    if claim is None:
        return printed.months_by_dates
    if printed.supposes(Assumed.DATES):
        return int(claim.value)
    if abs(claim.value - printed.months_by_dates) <= margin(official):
        return int(claim.value)
    return printed.months_by_dates


def minimum_for(months: int, official: Official) -> Decimal:
    """The legal minimum of that many months (D2, D3)."""
    return minimum_hours(
        months,
        hours_per_year=Decimal(official.fields["hours_per_year"]),
        cycle_months=official.fields["cycle_months"],
    )


def _duration(printed: Printed, official: Official) -> Iterator[Finding]:
    claim = printed.first(Topic.MONTHS)
    if claim and not printed.supposes(Assumed.DATES):
        months = printed.months_by_dates
        if abs(claim.value - months) > margin(official):
            yield Finding(
                "DUREE-DATES",
                BLOCKING,
                "Durée de la formation",
                claim.says,
                claim.where,
                f"{months} mois, {printed.dates_words}",
                "Calcul : dates du document",
                "Accordez la durée et les dates : le minimum d'heures et la convention tripartite en "
                "dépendent.",
                own=True,
            )
    if not {Assumed.DATES, Assumed.SESSION} & printed.assumed and (
        printed.session != printed.ends_on.year
    ):
        yield Finding(
            "SESSION",
            WARNING,
            "Session d'examen",
            str(printed.session),
            printed.source,
            f"{printed.ends_on.year}, année de fin de la formation",
            "Calcul : dates du document",
            "Corrigez la session ou les dates : le règlement d'examen dépend de la session.",
            own=True,
        )


def _sums(printed: Printed, minimum: Decimal, official: Official) -> Iterator[Finding]:
    total = sum((subject.hours for subject in printed.subjects), Decimal(0))
    if not printed.supposes(Assumed.HOURS_BY_SUBJECT) and total != printed.hours:
        gap = printed.hours - total
        below = (
            f" ; la somme est sous le minimum légal de {hours(minimum)}" if total < minimum else ""
        )
        yield Finding(
            "HEURES-SOMME",
            BLOCKING,
            "Somme des heures par matière",
            f"{hours(total)} par matière ; {hours(printed.hours)} annoncées",
            printed.subjects[0].where if printed.subjects else printed.source,
            f"La somme doit faire le total annoncé : {'il manque' if gap > 0 else 'il y a en trop'} "
            f"{hours(abs(gap))}{below}",
            f"Calcul : {' + '.join(hours(subject.hours).removesuffix(' h') for subject in printed.subjects)}",
            f"{'Répartissez les heures manquantes' if gap > 0 else 'Retirez les heures en trop'}, ou "
            "annoncez le total réel.",
            own=True,
        )
    yearly = printed.first(Topic.HOURS_PER_YEAR)
    months = printed.first(Topic.MONTHS)
    if yearly and months:
        expected = Decimal(str(yearly.value)) * int(months.value) / 12
        if expected != printed.hours:
            yield Finding(
                "HEURES-ANNEES",
                WARNING,
                "Heures par an et total",
                yearly.says,
                yearly.where,
                f"{hours(yearly.value)} par an sur {months.value} mois font {hours(expected)}, non "
                f"{hours(printed.hours)}",
                "Calcul",
                "Accordez les heures par an et le total.",
                own=True,
            )


def _minimum(
    printed: Printed, months: int, minimum: Decimal, official: Official
) -> Iterator[Finding]:
    kinds = printed.first(Topic.CONTRACT_KINDS)
    kinds_said = kinds.value if kinds else ["apprentissage"]
    if "apprentissage" in kinds_said and printed.hours < minimum:
        yield Finding(
            "HEURES-MINIMUM",
            BLOCKING,
            "Heures de formation en apprentissage",
            f"{hours(printed.hours)} pour {months} mois",
            _hours_place(printed),
            f"{hours(minimum)} au moins pour {months} mois "
            f"({hours(official.fields['hours_per_year'])} par an, au prorata) ; il manque "
            f"{hours(minimum - printed.hours)}",
            official.fields["hours_source"],
            "Augmentez les heures, ou réservez ce programme au contrat de professionnalisation.",
            own=True,
        )
    quarter = quarter_of_contract_hours(printed.starts_on, printed.ends_on)
    if (
        "apprentissage" in kinds_said
        and not printed.supposes(Assumed.DATES)
        and printed.hours < quarter
    ):
        yield Finding(
            "HEURES-QUART",
            BLOCKING,
            "Part de la formation dans le contrat",
            hours(printed.hours),
            _hours_place(printed),
            f"{hours(quarter)} au moins : 25 % de la durée, {printed.dates_words}",
            "Code du travail, art. L6211-2",
            "Augmentez les heures de formation.",
            own=True,
        )
    floor = official.fact("pro_contract_hours")
    if "professionnalisation" in kinds_said and floor and printed.hours < Decimal(str(floor.value)):
        yield Finding(
            "HEURES-PROFESSIONNALISATION",
            BLOCKING,
            "Heures de formation en professionnalisation",
            hours(printed.hours),
            _hours_place(printed),
            f"{hours(floor.value)} au moins",
            floor.source,
            "Augmentez les heures de formation.",
            own=True,
        )


def _hours_place(printed: Printed) -> str:
    claim = printed.first(Topic.HOURS_PER_YEAR) or printed.first(Topic.MONTHS)
    return claim.where if claim else printed.source


def best_reachable(printed: Printed) -> Decimal | None:
    """The hours of the rhythm between the dates; when the days are supposed, those of the best days."""
    if printed.rhythm is None or printed.supposes(Assumed.DATES):
        return None
    rhythms: list[Rhythm] = [printed.rhythm]
    if printed.supposes(Assumed.WEEKDAYS):
        rhythms = [
            replace(printed.rhythm, weekdays=frozenset(days))
            for days in itertools.combinations(range(5), len(printed.rhythm.weekdays))
        ]
    return max(
        reachable_hours(printed.starts_on, printed.ends_on, rhythm, printed.closures)
        for rhythm in rhythms
    )


def _rhythm(printed: Printed, minimum: Decimal) -> Iterator[Finding]:
    reachable = best_reachable(printed)
    if reachable is None or printed.rhythm is None or reachable >= printed.hours:
        return
    supposed = bool({Assumed.WEEKDAYS, Assumed.HALVES} & printed.assumed)
    days = len(printed.rhythm.weekdays)
    per_day = hours(printed.rhythm.hours_per_day)
    at_best = (
        f"au mieux, avec des journées de {per_day} supposées et les jours les plus favorables, "
        if supposed
        else ""
    )
    law = (
        f" ; c'est aussi moins que le minimum légal de {hours(minimum)}"
        if reachable < minimum
        else f" ; le minimum légal de {hours(minimum)} reste possible, avec {hours(reachable - minimum)} "
        "de marge pour les fermetures"
    )
    yield Finding(
        "HEURES-RYTHME",
        WARNING if supposed else BLOCKING,
        "Heures que le rythme permet",
        f"{hours(printed.hours)} avec {days} jour{'s' if days > 1 else ''} par semaine au CFA, "
        f"{printed.dates_words}",
        _rhythm_place(printed),
        f"{at_best}{hours(reachable)} ; il manque {hours(printed.hours - reachable)}{law}",
        CALENDAR,
        "Ajoutez des jours au CFA, allongez la formation, ou annoncez les heures que le calendrier tient.",
        own=not supposed,
    )


def _rhythm_place(printed: Printed) -> str:
    weeks = printed.first(Topic.WEEKS_PER_YEAR)
    months = printed.first(Topic.MONTHS)
    claim = weeks or months
    return claim.where if claim else printed.source


def _weeks(printed: Printed) -> Iterator[Finding]:
    claims = printed.about(Topic.WEEKS_PER_YEAR)
    values = list(dict.fromkeys(claim.value for claim in claims))
    if len(values) > 1:
        yield Finding(
            "SEMAINES",
            WARNING,
            "Semaines de formation par an",
            " ; ".join(claim.says for claim in claims),
            " ; ".join(claim.where for claim in claims),
            f"Un seul nombre : le document en donne {len(values)} "
            f"({', '.join(str(value) for value in values)})",
            "Le document lui-même",
            "Gardez le nombre du planning et corrigez l'autre.",
            own=True,
        )
    plan, yearly = printed.first(Topic.WEEKLY_PLAN), printed.first(Topic.HOURS_PER_YEAR)
    if plan and yearly:
        total = Decimal(str(plan.value["other_hours"]))
        for text in plan.value["weeks"]:
            weeks, _, per_week = text.partition("x")
            total += int(weeks) * int(per_week)
        if total != Decimal(str(yearly.value)):
            yield Finding(
                "SEMAINES-HEURES",
                WARNING,
                "Heures par semaine et par an",
                plan.says,
                plan.where,
                f"Le détail fait {hours(total)}, non {hours(yearly.value)}",
                "Calcul",
                "Accordez le détail des semaines et le total de l'année.",
                own=True,
            )


def _assumed(printed: Printed) -> Iterator[Finding]:
    if printed.assumed:
        labels = [what.label.lower() for what in Assumed if what in printed.assumed]
        yield Finding(
            "SUPPOSE",
            INFORMATION,
            "Ce que le document ne dit pas",
            f"non imprimé : {', '.join(labels)}",
            printed.source,
            printed.assumed_note,
            "Données saisies avec le document",
            "Demandez ces valeurs au CFA ; le contrôle se fait avec les valeurs supposées.",
        )
