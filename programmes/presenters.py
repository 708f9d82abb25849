"""What the pages show: rows ready to print, in a constant number of queries."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from . import store
from .conformity import Official, Printed
from .conformity.hours import best_reachable, minimum_for, real_months
from .conformity_selectors import Held, categorie_of_programme
from .enums import Categorie, Confidence, Severity, VersionState
from .loader.tree import Change, changes
from .models import Bloc, CfaProgramme, Epreuve, Referentiel
from .selectors import epreuves_for

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

# What the table "announced / official" says of a finding, by its rule.
EPREUVE_WORDS = {
    "COEF": "Coefficient différent",
    "FORME": "Forme différente",
    "DUREE": "Durée différente",
    "EPREUVE": "N'existe pas au règlement",
    "MANQUE": "Absente du document",
    "REUNIES": "Épreuves réunies",
    "FACULTATIVE": "Facultative non mentionnée",
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


def version_before(row: Referentiel, versions: list[Referentiel]) -> Referentiel | None:
    """What a version is compared with: the edition that it replaces, else the one of the sessions before."""
    editions = [
        other
        for other in versions
        if other.session_from == row.session_from and other.edition < row.edition
    ]
    older = [
        other
        for other in versions
        if other.session_from < row.session_from and other.state != VersionState.SUPERSEDED
    ]
    found = editions or older
    return found[-1] if found else None


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
    """What changes from one version to the next: épreuves in words first, then every other value."""
    old, new = _told(before), _told(after)
    rows = [
        {"what": what, "before": old.get(what, "absent"), "after": new.get(what, "absent")}
        for what in dict.fromkeys([*old, *new])
        if old.get(what) != new.get(what)
    ]
    for change in changes(store.dump(before), store.dump(after)):
        if ".epreuves." in change.path and ".grid" not in change.path:
            continue  # said in words above
        if change.path in {"session_from", "session_to"} or change.path.endswith(
            (".source", ".confidence", ".position")
        ):
            continue
        rows += _said_change(change)
    return rows


def _said_change(change: Change) -> list[dict[str, str]]:
    """One value, or each fact of the référentiel that differs."""
    if change.path != "facts":
        path = change.path.replace(".", " › ")
        return [{"what": path, "before": _side(change.before), "after": _side(change.after)}]
    old: dict[str, Any] = change.before or {}
    new: dict[str, Any] = change.after or {}
    return [
        {
            "what": {**old, **new}[code]["title"],
            "before": _fact_side(old.get(code)),
            "after": _fact_side(new.get(code)),
        }
        for code in dict.fromkeys([*old, *new])
        if _fact_side(old.get(code)) != _fact_side(new.get(code))
    ]


def _fact_side(fact: dict[str, Any] | None) -> str:
    if fact is None:
        return "absent"
    return " ; ".join(
        " ".join(
            filter(
                None,
                [
                    _sessions(row["session_from"], row["session_to"]),
                    " ; ".join(_lines(row["value"])),
                ],
            )
        )
        for row in fact["values"]
    )


def _side(value: Any) -> str:
    return "absent" if value in (None, "") else " ; ".join(_lines(value))


def minimum_of(programme: CfaProgramme) -> tuple[Decimal, int]:
    """The legal minimum of hours, and the months it is for: the real duration of the conformity check."""
    printed = Printed.of(store.dump(programme))
    official = Official.of(store.dump(programme.referentiel), Categorie.PONCTUEL, programme.session)
    months = real_months(printed, official)
    return minimum_for(months, official), printed.months_by_dates


def programme_page(programme: CfaProgramme, held: list[Held]) -> dict[str, Any]:
    """The programme as printed, its hours beside the law's, and how many findings stand."""
    subjects = list(programme.subjects.all())
    years = [sum(s.hours_year_1 for s in subjects), sum(s.hours_year_2 for s in subjects)]
    printed = Printed.of(store.dump(programme))
    minimum, _ = minimum_of(programme)
    blocking = sum(row.blocks for row in held)
    return {
        "programme": programme,
        "sections": programme.sections.all(),
        "subjects": subjects,
        "years": years,
        "total": sum(years),
        "reachable": best_reachable(printed),
        "minimum": minimum,
        "gap": sum(years) - minimum,
        "categorie": categorie_of_programme(programme).label,
        "comparisons": _comparisons(programme, held),
        "counts": [
            (severity, sum(row.finding.severity == severity for row in held))
            for severity in Severity
        ],
        "blocking": blocking,
    }


def _comparisons(programme: CfaProgramme, held: list[Held]) -> list[dict[str, Any]]:
    """Announced beside official, épreuve by épreuve, in the order of the règlement."""
    categorie = categorie_of_programme(programme)
    announced = {row.code: row for row in programme.announced_epreuves.all()}
    rows: list[dict[str, Any]] = []
    for epreuve in epreuves_for(programme.referentiel, categorie):
        rows.append(
            {
                "code": epreuve.code,
                "announced": announced.pop(epreuve.code, None),
                "official": epreuve,
                "rule": epreuve.rule,
            }
        )
    rows += [{"code": row.code, "announced": row, "official": None} for row in announced.values()]
    for row in rows:
        row["findings"] = [
            {"word": EPREUVE_WORDS[rule], "blocks": item.blocks}
            for item in held
            for rule, _, code in [item.finding.id.partition("-")]
            if rule in EPREUVE_WORDS and row["code"] in code.split("-")
        ]
    return rows


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
