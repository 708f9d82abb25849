"""An invented evaluation sheet: preview of development and tests."""

from typing import Any

BOXES = (
    ("TI", "Très insuffisant"),
    ("I", "Insuffisant"),
    ("S", "Satisfaisant"),
    ("TS", "Très satisfaisant"),
)


def ccf() -> dict[str, Any]:
    return {
        "diploma": "BTS Négociation et digitalisation de la relation client",
        "rncp": "RNCP38368",
        "session": 2027,
        "epreuve": {
            "code": "E4",
            "title": "Relation client et négociation-vente",
            "coefficient": "5",
            "bloc": "Relation client et négociation-vente",
        },
        "apprentice": {
            "last_name": "Benali",
            "usage_name": "",
            "first_name": "Aïcha",
            "born_on": "12/04/2006",
            "cohort": "NDRC 2026-2027",
        },
        "choices": [
            {"title": "Négocier et accompagner la relation client", "ticked": True},
            {"title": "Organiser et animer un évènement commercial", "ticked": False},
        ],
        "situations": [
            {
                "code": code,
                "held_on": "09/11/2026",
                "evaluators": "Bruno Caron",
                "appreciation": "Portefeuille bien analysé.",
                "signatures": [0, 1],
            }
            for code in ("A", "B")
        ],
        "boxes": [{"code": code, "label": label} for code, label in BOXES],
        "grid": [
            {
                "title": f"Compétence {n}",
                "lines": [
                    {
                        "title": f"Ligne {n}.{m}",
                        "criteres": ["Pertinence", "Cohérence"],
                        "level": "S",
                    }
                    for m in (1, 2)
                ],
            }
            for n in (1, 2, 3)
        ],
        "mark": "13,5",
        "locked_on": "21/11/2026",
        "locked_by": "Bruno Caron",
        "uuid": "00000000-0000-0000-0000-000000000000",
    }
