"""Invented documents: preview of development, bench, tests."""

from typing import Any

PATH = "M60 120 L140 40 L200 150 L280 50 L360 140 L420 110"


def _mark() -> dict[str, str]:
    return {
        "path": PATH,
        "typed": "",
        "at": "17/11/2026 à 13:32:00",
        "time": "13 h 32",
        "method": "Appareil de la personne",
        "sha256": "0" * 64,
    }


def sheet() -> dict[str, Any]:
    return {
        "training": {
            "title": "BTS NDRC",
            "full_title": "Négociation et digitalisation de la relation client",
            "rncp": "RNCP38368",
        },
        "cohort": "NDRC 2026-2027",
        "session": {
            "date": "mardi 17 novembre 2026",
            "half": "Après-midi",
            "starts": "13 h 30",
            "ends": "17 h",
            "hours": "3,50",
            "subject": "Relation client et négociation-vente",
            "place": "Salle B2",
            "mode": "en présentiel",
        },
        "trainer": {"name": "Bruno Caron", "signature": _mark()},
        "rows": [
            {
                "last_name": f"BENALI-{n}",
                "first_name": "Aïcha",
                "state": "present" if n < 20 else "excused",
                "state_label": "Présent" if n < 20 else "Absence justifiée",
                "minutes_missed": 0,
                "signature": _mark() if n < 20 else None,
            }
            for n in range(1, 21)
        ],
        "counts": {"expected": 20, "present": 19, "absent": 0, "excused": 1},
        "opened_at": "17/11/2026 à 13:25:00",
        "opened_by": "Bruno Caron",
        "closed_at": "17/11/2026 à 17:00:00",
        "sheet": "00000000-0000-0000-0000-000000000000",
    }


def paper() -> dict[str, Any]:
    """An invented sheet to print, of twenty people."""
    from documents.qr import qr_data_uri

    address = "http://localhost:8000/emargement/seances/00000000/papier/"
    return {
        "training": "BTS NDRC (RNCP38368)",
        "cohort": "NDRC 2026-2027",
        "session": {
            "date": "mardi 17 novembre 2026",
            "half": "Après-midi",
            "starts": "13 h 30",
            "ends": "17 h",
            "subject": "Relation client et négociation-vente",
        },
        "trainer": "Bruno Caron",
        "names": [f"BENALI-{n} Aïcha" for n in range(1, 21)],
        "spare": ["", ""],
        "qr": qr_data_uri(address),
        "address": address,
    }
