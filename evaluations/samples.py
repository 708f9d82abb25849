"""An invented evaluation sheet: preview of development and tests."""

from fractions import Fraction
from typing import Any

from .marks.drawing import class_graph
from .pdf import drawn

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
            "sex": "F",
            "cohort": "NDRC 2026-2027",
        },
        "situations": [
            {
                "code": code,
                "held_on": "09/11/2026",
                "evaluators": "Bruno Caron",
                "appreciation": "Portefeuille bien analysé.",
                "choice_label": "Activité simulée",
                "choices": [
                    {"title": "Négocier et accompagner la relation client", "ticked": True},
                    {"title": "Organiser et animer un évènement commercial", "ticked": False},
                ]
                if code == "B"
                else [],
                "fiches": "n° 1 : Vente d'une solution de fidélisation",
                "signatures": [
                    {
                        "name": "Bruno Caron",
                        "said": "Signé dans l'application le 09/11/2026 à 17:05",
                        "picture": "",
                    },
                    {
                        "name": "Chantal Dumas",
                        "said": "Signé sur l'appareil de Bruno Caron le 09/11/2026 à 17:07",
                        "picture": drawn([[[60, 120, 0], [200, 60, 90], [420, 140, 200]]]),
                    }
                    if code == "B"
                    else {"name": "", "said": "", "picture": ""},
                ],
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


APPRENTICE = {
    "name": "Aïcha Benali",
    "last_name": "Benali",
    "usage_name": "",
    "first_name": "Aïcha",
    "born_on": "12/04/2006",
    "sex": "F",
}
UNITS = (
    ("U1", "Culture générale et expression", "3"),
    ("U2", "Communication en langue vivante étrangère 1", "3"),
    ("U3", "Culture économique, juridique et managériale", "3"),
    ("U4", "Relation client et négociation-vente", "5"),
    ("U5", "Relation client à distance et digitalisation", "4"),
    ("U6", "Relation client et animation de réseaux", "3"),
)
KLASS = {"mean": "11,42", "low": "7,5", "high": "16"}
WORDS = (
    "Travail régulier, des analyses de plus en plus fines ; l'argumentation écrite reste à étoffer."
)
IDENTITY: dict[str, Any] = {
    "apprentice": APPRENTICE,
    "cohort": "NDRC 2026-2027",
    "diploma": "BTS Négociation et digitalisation de la relation client",
    "session": 2027,
}


def bulletin() -> dict[str, Any]:
    return {
        **IDENTITY,
        "semester": 3,
        "starts_on": "01/09/2026",
        "ends_on": "31/01/2027",
        "size": 15,
        "lines": [
            {
                "title": title,
                "unite": code,
                "average": "12,38",
                "klass": KLASS,
                "appreciation": WORDS,
            }
            for code, title, _ in UNITS
        ],
        "units": [
            {
                "code": code,
                "title": title,
                "coefficient": weight,
                "average": "12,38",
                "klass": KLASS,
            }
            for code, title, weight in UNITS
        ],
        "general": "12,38",
        "general_class": KLASS,
        "council": "Ensemble solide, encourageant pour la session.",
    }


def livret_scolaire() -> dict[str, Any]:
    points = [(code, Fraction(9 + n, 1)) for n, (code, _, _) in enumerate(UNITS)]
    return {
        **IDENTITY,
        "rows": [
            {
                "code": code,
                "title": title,
                "coefficient": weight,
                "semesters": ["11", "11,5", "12,25", "12,5"],
                "second_year": "12,38",
                "klass": "11,42",
                "appreciation": WORDS,
            }
            for code, title, weight in UNITS
        ],
        "others": [{"title": "Atelier de professionnalisation", "appreciation": WORDS}],
        "graph": class_graph(points),
        "graph_rows": [{"code": code, "value": str(value)} for code, value in points],
        "opinion": "Favorable",
        "text": "",
        "candidate_number": "",
        "statistics": {
            "size": 15,
            "opinions": [
                {"label": "Très favorable", "count": 4, "share": "27"},
                {"label": "Favorable", "count": 8, "share": "53"},
                {"label": "Doit faire ses preuves", "count": 3, "share": "20"},
            ],
        },
        "past": [{"session": 2026, "presented": 14, "admitted": 12, "rate": "86"}],
    }


CCF_HEAD: dict[str, Any] = {
    "diploma": "BTS Négociation et digitalisation de la relation client",
    "session": 2027,
    "epreuve": {"code": "E4", "title": "Relation client et négociation-vente"},
    "apprentice": {"name": "Aïcha Benali", "born_on": "12/04/2006", "sex": "F"},
    "cohort": "NDRC 2026-2027",
}


def convocation() -> dict[str, Any]:
    return {
        **CCF_HEAD,
        "situation": "B",
        "day": "lundi 8 mars 2027",
        "hour": "09:00",
        "minutes": 15,
        "extra_minutes": 5,
        "room": "12",
        "place": "2 rue Vincent Van Gogh 78700 Conflans-Sainte-Honorine",
        "members": [
            {"name": "Bruno Caron", "kind": "Formateur du bloc"},
            {"name": "Chantal Dumas", "kind": "Maître d'apprentissage"},
        ],
    }


def fiche_sujet() -> dict[str, Any]:
    rows = [
        ["Type d'activité", "Négociation-vente"],
        ["Objectifs de la simulation", "Obtenir la signature du renouvellement."],
    ]
    return {**CCF_HEAD, "sides": [{"title": "Fiche-sujet", "rows": rows}], "is_jury": False}


def fiche_sujet_jury() -> dict[str, Any]:
    made = fiche_sujet()
    sides = [*made["sides"], {"title": "Côté jury", "rows": [["Freins", "Budget gelé."]]}]
    return {**made, "sides": sides, "is_jury": True}


def small_pdf(words: str) -> bytes:
    """The smallest PDF that opens, an empty page; `words` make its bytes its own (demo, tests)."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/MediaBox[0 0 595 842]/Parent 2 0 R>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, text)
    body += b"%% %s\n" % words.encode()
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % at for at in places
    )
    return body + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
