"""The frozen context of the public programme: the official values, and what only the CFA can say."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.french import date_format

from .calendar_rules import Rhythm
from .conformity.official import Official
from .conformity.words import hours
from .conformity_selectors import Held, categorie_of_programme
from .indicators import rates_of
from .models import CfaProgramme, Referentiel
from .selectors import epreuves_for, fact_row
from .store import dump

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def programme_context(
    programme: CfaProgramme, held: list[Held], *, number: int, at: datetime
) -> dict[str, Any]:
    """Plain JSON: what the public page and its PDF print of one version."""
    referentiel = programme.referentiel
    categorie = categorie_of_programme(programme)
    official = Official.of(dump(referentiel), categorie, programme.session)
    subjects = list(programme.subjects.all())
    return {
        "number": number,
        "published_on": date_format(timezone.localtime(at), "j F Y"),
        "title": f"{referentiel.diploma} {referentiel.title}",
        "acronym": referentiel.acronym,
        "programme_title": programme.title,
        "certification": _certification(referentiel),
        "training": _training(programme),
        "sections": [
            {"title": section.title, "lines": lines}
            for section in programme.sections.all()
            if not section.is_official and (lines := published_lines(section.lines))
        ],
        "blocs": [
            {
                "code": bloc.code,
                "title": bloc.title,
                "unite": bloc.unite,
                "optional": bloc.is_optional,
                "competences": list(bloc.competences),
            }
            for bloc in official.blocs
        ],
        "subjects": [
            {
                "title": subject.title,
                "unite": subject.unite_code,
                "year_1": hours(subject.hours_year_1),
                "year_2": hours(subject.hours_year_2),
                "hours": hours(subject.hours),
                "contents": subject.contents,
            }
            for subject in subjects
        ],
        "hours_total": hours(sum((s.hours for s in subjects), Decimal(0))),
        "categorie": categorie.label,
        "epreuves": _epreuves(referentiel, categorie, official),
        "coefficients": _number(
            sum((e.coefficient or Decimal(0) for e in official.exams.values()), Decimal(0))
        ),
        "conditions": _conditions(referentiel, programme.session),
        "indicators": [*programme.indicators, *_results(programme)],
        "references": _fact(referentiel, "reference_texts", programme.session) or [],
        "reserves": [
            {
                "subject": row.finding.subject,
                "official": row.finding.official,
                "reason": row.acceptance.reason,
                "on": date_format(timezone.localtime(row.acceptance.accepted_at), "j F Y"),
            }
            for row in held
            if row.acceptance and row.finding.stops_issue
        ],
    }


def _results(programme: CfaProgramme) -> list[dict[str, Any]]:
    """The rates computed on the day of the publication; the page shows those of today besides."""
    return [
        {"label": one.said, "year": one.year, "rate": one.percent}
        for one in rates_of(programme.cfa, programme.referentiel.rncp)
        if one.is_shown
    ]


def published_lines(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    """What may be printed: the corrected wording, or the line when nothing is wrong with it."""
    told = []
    for line in lines:
        text = line.get("published") or ("" if line.get("correction") else line["text"])
        if text:
            # A corrected line keeps its label only while the label is not itself the mistake.
            told.append({"label": line["label"], "text": text})
    return told


def _certification(referentiel: Referentiel) -> list[list[str]]:
    rows = [
        ["Diplôme", f"{referentiel.diploma} {referentiel.title}, niveau {referentiel.level}"],
        ["Certificateur", referentiel.certificateur],
        ["Codes", f"{referentiel.rncp} · code diplôme {referentiel.code_diplome}"],
        [
            "Enregistrement",
            f"jusqu'au {referentiel.registered_until:%d/%m/%Y} ; dernière délivrance le "
            f"{referentiel.awarded_until:%d/%m/%Y}",
        ],
        ["Code NSF", referentiel.nsf],
        ["Codes ROME", " ; ".join(referentiel.rome)],
    ]
    if referentiel.ects:
        rows.append(["Crédits", f"{referentiel.ects} crédits ECTS"])
    return rows


def _training(programme: CfaProgramme) -> list[list[str]]:
    from .presenters import minimum_of

    minimum, months = minimum_of(programme)
    rows = [
        ["Session d'examen", str(programme.session)],
        [
            "Dates",
            f"du {programme.starts_on:%d/%m/%Y} au {programme.ends_on:%d/%m/%Y} ({months} mois)",
        ],
        [
            "Heures",
            f"{hours(programme.hours_announced)} ; minimum légal pour cette durée : {hours(minimum)} "
            f"({programme.referentiel.hours_source})",
        ],
        ["Rythme au CFA", rhythm_words(programme.rhythm)],
        ["Effectif", f"{programme.group_min} à {programme.group_max} personnes"],
        ["Lieu", programme.place],
    ]
    hidden = {
        "dates": {"Dates", "Session d'examen"},
        "weekdays": {"Rythme au CFA"},
        "halves": {"Rythme au CFA"},
        "group": {"Effectif"},
    }
    left_out = {label for key in programme.assumed for label in hidden.get(key, ())}
    return [row for row in rows if row[1] and row[0] not in left_out]


def rhythm_words(data: dict[str, Any]) -> str:
    """ "lundi et mardi, de 9 h à 12 h 30 et de 13 h 30 à 17 h"; empty when the rhythm is malformed."""
    try:
        rhythm = Rhythm.from_json(data)
    except ValueError:
        return ""
    days = _and([WEEKDAYS[day] for day in sorted(rhythm.weekdays)])
    slots = sorted(rhythm.slots, key=lambda slot: slot.starts)
    times = _and([f"de {_clock(slot.starts)} à {_clock(slot.ends)}" for slot in slots])
    cycle = ""
    if rhythm.cycle_weeks > 1:
        cycle = f", {len(rhythm.cfa_weeks)} semaine(s) sur {rhythm.cycle_weeks}"
    return f"{days}, {times}{cycle}"


def _clock(value) -> str:
    return f"{value.hour} h" + (f" {value.minute:02d}" if value.minute else "")


def _and(words: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _epreuves(referentiel: Referentiel, categorie: str, official: Official) -> list[dict[str, str]]:
    rows = []
    for epreuve in epreuves_for(referentiel, categorie):
        exam = official.exams[epreuve.code]
        rule = official.rule(exam)
        rows.append(
            {
                "code": epreuve.code,
                "title": epreuve.title,
                "unite": exam.unite,
                "coefficient": _number(exam.coefficient) if exam.coefficient else "",
                "form": rule.words if rule else "",
                "parts": " ; ".join(part["title"] for part in rule.parts) if rule else "",
            }
        )
    return rows


def _fact(referentiel: Referentiel, code: str, session: int) -> Any:
    try:
        return fact_row(referentiel, code, session=session)["value"]
    except KeyError:
        return None


def _conditions(referentiel: Referentiel, session: int) -> list[str]:
    """Validation, as far as the référentiel gives it: each sentence only when its fact is there."""
    told: list[str] = []
    average = _fact(referentiel, "pass_average", session)
    if average:
        told.append(
            f"Le diplôme est obtenu avec une moyenne générale de {average:g} sur 20 au moins, coefficients "
            "compris ; d'une épreuve facultative seuls comptent les points au-dessus de 10."
        )
    controle = _fact(referentiel, "controle", session)
    if controle:
        told.append(
            f"Entre {controle['min_average']:g} et {controle['max_average']:g}, avec "
            f"{controle['professional_min']:g} de moyenne aux épreuves professionnelles, le candidat peut "
            f"passer {controle['orals']} épreuves orales de contrôle."
        )
    benefit = _fact(referentiel, "benefit", session)
    if benefit:
        told.append(
            f"En cas d'échec, les notes d'unité de {benefit['min_mark']:g} et plus sont gardées "
            f"{benefit['years']} ans à la demande du candidat."
        )
    for code, head in (
        ("bloc_attestation_who", "Attestation de blocs"),
        ("diploma_delivery", "Délivrance du diplôme"),
    ):
        if text := _fact(referentiel, code, session):
            told.append(f"{head} : {_lower_first(text)}")
    for row in _fact(referentiel, "dispenses", session) or []:
        units = ", ".join(row["units"])
        told.append(f"Dispense de {units}, sur demande : {_lower_first(row['who'])}.")
    jury = _fact(referentiel, "jury", session) or []
    return told + [f"Jury : {_lower_first(line)}" for line in jury[:3]]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
