"""Invented papers about attendance: preview of development, bench, tests."""

from typing import Any

from .enums import PaperKind
from .samples import _mark

COMMON: dict[str, Any] = {
    "training": {
        "title": "BTS NDRC",
        "full_title": "Négociation et digitalisation de la relation client",
        "rncp": "RNCP38368",
        "code": "32031212",
    },
    "cohort": "NDRC 2026-2027",
    "person": {
        "name": "Aïcha Benali",
        "first_name": "Aïcha",
        "last_name": "BENALI",
        "born_on": "12 avril 2006",
        "sex": "F",
    },
    "employers": [
        {
            "name": "Maison Verdier",
            "siret": "12345678200010",
            "from": "5 janvier 2026",
            "to": "30 juin 2027",
        }
    ],
    "starts_on": "2 novembre 2026",
    "ends_on": "30 novembre 2026",
    "hours": "52,25",
    "held": "56,00",
}
TOTALS = [
    {"label": "Présence", "hours": "52,25", "effect": "heures réalisées"},
    {"label": "Retards et départs anticipés", "hours": "0,25", "effect": "retenue possible"},
    {
        "label": "Absence justifiée",
        "hours": "3,50",
        "effect": "retenue : selon le droit du travail",
    },
]


def _columns(count: int) -> list[dict[str, Any]]:
    return [
        {
            "date": f"lun. {2 + n // 2}/11",
            "half": "Matin" if n % 2 == 0 else "Après-midi",
            "times": "9 h – 12 h 30" if n % 2 == 0 else "13 h 30 – 17 h",
            "subject": "Négociation-vente",
            "trainer": "Bruno Caron",
            "mark": _mark(),
        }
        for n in range(count)
    ]


def period() -> dict[str, Any]:
    columns = _columns(4)
    cells = [
        {"word": "" if n != 2 else "Absent", "mark": _mark() if n != 2 else None} for n in range(4)
    ]
    week = {
        "title": "Semaine du 2 novembre 2026",
        "columns": columns,
        "rows": [{"name": f"BENALI-{n} Aïcha", "cells": cells} for n in range(1, 13)],
    }
    return COMMON | {"title": "Feuille d'émargement de la semaine", "pending": 1, "weeks": [week]}


def statement() -> dict[str, Any]:
    rows = [
        {
            "date": f"lun. {n} novembre",
            "half": "Matin",
            "hours": "3,50",
            "subject": "Négociation-vente",
            "state": "Présent",
            "done": "3,50",
        }
        for n in range(1, 17)
    ]
    rates = {"rate": "93,3", "rate_neutral": "99,5"}
    return COMMON | {"month": "novembre 2026", "rows": rows, "totals": TOTALS} | rates


def certificate() -> dict[str, Any]:
    names = ("action de formation", "bilan de compétences", "action de VAE")
    natures = [{"label": name, "ticked": False} for name in names]
    natures.append({"label": "action de formation par apprentissage", "ticked": True})
    return COMMON | {"is_final": False, "natures": natures}


def diligence() -> dict[str, Any]:
    return COMMON | {"totals": TOTALS, "rate": "93,3"}


def entry() -> dict[str, Any]:
    return COMMON | {"entered_on": "5 janvier 2026"}


SAMPLES = {
    PaperKind.WEEK: period,
    PaperKind.MONTH: period,
    PaperKind.STATEMENT: statement,
    PaperKind.CERTIFICATE: certificate,
    PaperKind.DILIGENCE: diligence,
    PaperKind.ENTRY: entry,
}
