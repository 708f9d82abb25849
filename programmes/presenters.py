"""What the pages show: rows ready to print, in a constant number of queries."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from .calendar_rules import Rhythm, minimum_hours_between, reachable_hours
from .enums import Categorie, Confidence
from .models import Bloc, CfaProgramme, Epreuve, Referentiel
from .rules import Announced, OfficialEpreuve, compare_epreuves
from .selectors import categorie_of_cfa, epreuves_for

# How the keys of a fact's table are said; the others are shown as they are written.
WORDS = {
    "who": "",
    "rule": "",
    "title": "",
    "form": "",
    "proof": ":",
    "units": "unités",
    "code": "",
    "items": ":",
    "hours": "heures :",
    "min": "au moins",
    "max": "au plus",
    "years": "années :",
    "step": "pas de",
    "official": "",
    "variant": "aussi écrit",
    "route": "",
    "minimum": ":",
    "source": "source",
}


def blocs_of(referentiel: Referentiel) -> QuerySet[Bloc]:
    return referentiel.blocs.select_related("unite").prefetch_related("competences__lines")


def epreuves_of(referentiel: Referentiel) -> list[dict[str, Any]]:
    """Each épreuve with one rule per category, in the order of the columns."""
    rows = []
    for epreuve in _with_rules(referentiel):
        by_categorie = {rule.categorie: rule for rule in epreuve.rules.all()}
        rules = [by_categorie[c] for c in Categorie.values if c in by_categorie]
        rows.append({"epreuve": epreuve, "rules": rules})
    return rows


def facts_of(referentiel: Referentiel) -> list[dict[str, Any]]:
    """The other rules in words: each value with its sessions, its source and how sure it is."""
    rows = []
    for fact in referentiel.facts.values():
        values = [
            {
                "sessions": _sessions(value["session_from"], value["session_to"]),
                "lines": _lines(value["value"]),
                "source": value["source"],
                "confidence": Confidence(value["confidence"]).label,
            }
            for value in fact["values"]
        ]
        rows.append({"title": fact["title"], "values": values})
    return rows


def _sessions(first: int | None, last: int | None) -> str:
    if first and first == last:
        return f"session {first}"
    return " ".join(
        filter(None, [f"à partir de {first}" if first else "", f"jusqu'à {last}" if last else ""])
    )


def _lines(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_words(item) for item in value]
    return [_words(value)]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return " · ".join(
            f"{WORDS[key]} {_words(item)}".strip() if key in WORDS else f"{key} : {_words(item)}"
            for key, item in value.items()
        )
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def changes_between(before: Referentiel, after: Referentiel) -> list[dict[str, str]]:
    """What changes for the épreuves from one version to the next, in words."""
    old, new = _told(before), _told(after)
    return [
        {"what": what, "before": old.get(what, "absent"), "after": new.get(what, "absent")}
        for what in dict.fromkeys([*old, *new])
        if old.get(what) != new.get(what)
    ]


def programme_page(programme: CfaProgramme, today: date) -> dict[str, Any]:
    subjects = list(programme.subjects.all())
    # The form of the exam is that of the CFA on the day of the exam, or today once it is past.
    categorie = categorie_of_cfa(programme.cfa, max(today, programme.ends_on))
    years = [sum(s.hours_year_1 for s in subjects), sum(s.hours_year_2 for s in subjects)]
    try:
        reachable = reachable_hours(
            programme.starts_on, programme.ends_on, Rhythm.from_json(programme.rhythm)
        )
    except ValueError:
        reachable = None
    referentiel = programme.referentiel
    return {
        "programme": programme,
        "sections": programme.sections.all(),
        "subjects": subjects,
        "years": years,
        "total": sum(years),
        "reachable": reachable,
        "minimum": minimum_hours_between(
            programme.starts_on,
            programme.ends_on,
            hours_per_year=referentiel.hours_per_year,
            cycle_months=referentiel.cycle_months,
        ),
        "categorie": categorie.label,
        "comparisons": _comparisons(programme, categorie),
    }


def _comparisons(programme: CfaProgramme, categorie: Categorie) -> list[dict[str, Any]]:
    official, rules = [], {}
    for epreuve in epreuves_for(programme.referentiel, categorie):
        rule = epreuve.rule
        if rule is None:
            continue
        rules[epreuve.code] = rule
        official.append(
            OfficialEpreuve(
                epreuve.code,
                epreuve.title,
                epreuve.coefficient,
                epreuve.unite.is_optional,
                rule.form,
                rule.duration_minutes,
            )
        )
    announced = [
        Announced(row.code, row.title, row.coefficient, row.form)
        for row in programme.announced_epreuves.all()
    ]
    return [
        {
            "row": row,
            "rule": rules.get(row.code),
            "told": " ; ".join(difference.label for difference in row.differences),
        }
        for row in compare_epreuves(announced, official)
    ]


def _with_rules(referentiel: Referentiel) -> QuerySet[Epreuve]:
    return referentiel.epreuves.select_related("unite").prefetch_related("rules")


def _told(referentiel: Referentiel) -> dict[str, str]:
    told = {}
    for epreuve in _with_rules(referentiel):
        if epreuve.coefficient is not None:
            told[f"{epreuve.code}, coefficient"] = f"{epreuve.coefficient.normalize():f}"
        for rule in epreuve.rules.all():
            told[f"{epreuve.code}, {rule.get_categorie_display()}"] = rule.summary
    return told
