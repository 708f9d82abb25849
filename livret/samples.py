"""Invented contexts of the attestation and of the livret: preview of development, bench, tests."""

from typing import Any

from . import drawing

STROKES = [[[60, 120, 0], [140, 40, 90], [200, 150, 180], [280, 50, 260], [420, 110, 380]]]
PERSON = {
    "name": "Aïcha Benali",
    "first_name": "Aïcha",
    "last_name": "Benali",
    "born_on": "12 avril 2006",
    "sex": "F",
    "birth_place": "Poissy",
    "ine": "",
    "contact": "aicha.benali@apprenti.example",
    "address": "78700 Conflans-Sainte-Honorine",
}
CERTIFICATION = {
    "title": "BTS NDRC · Négociation et digitalisation de la relation client",
    "diploma": "BTS",
    "name": "Négociation et digitalisation de la relation client",
    "rncp": "RNCP38368",
    "level": 5,
    "certificateur": "Ministère de l'enseignement supérieur",
    "code_diplome": "32031212",
    "session": 2027,
}
TITLES = (
    ("Relation client et négociation-vente", 4),
    ("Relation client à distance et digitalisation", 3),
    ("Relation client et animation de réseaux", 3),
)
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "septembre", "octobre", "novembre")


def _hours() -> dict[str, str]:
    return {
        "planned": "1057",
        "held": "623",
        "present": "605,5",
        "absent": "10,5",
        "excused": "7",
        "minimum": "1012,5",
        "gauge": drawing.gauge(605.5, 1057, 1012.5),
    }


def _results() -> list[dict[str, Any]]:
    return [
        {
            "code": f"RNCP38368BC0{n}",
            "title": title,
            "competences": [
                {"title": f"Compétence {n}.{m} du référentiel", "level": "En cours d'acquisition"}
                for m in range(1, count + 1)
            ],
        }
        for n, (title, count) in enumerate(TITLES, start=1)
    ]


def attestation() -> dict[str, Any]:
    return {
        "person": PERSON,
        "certification": CERTIFICATION,
        "cohort": "NDRC 2026-2027",
        "starts_on": "5 janvier 2026",
        "ends_on": "30 juin 2027",
        "is_over": False,
        "as_of": "21 novembre 2026",
        "employers": [{"name": "Boréal Équipements", "siret": "81234567600017"}],
        "contract_kind": "Contrat d'apprentissage",
        "hours": _hours(),
        "blocs": _results(),
        "closed_periods": 3,
    }


def _blocs() -> list[dict[str, Any]]:
    return [
        {
            "code": f"RNCP38368BC0{n}",
            "title": title,
            "is_optional": False,
            "unite": f"U{n}",
            "epreuve": f"E{n} {title}",
            "coefficient": "5",
            "form": "CCF",
            "duration": "",
            "competences": [
                {
                    "title": f"Compétence {n}.{m} du référentiel",
                    "has_criteres": True,
                    "lines": [
                        {
                            "title": f"Ligne {line} de la grille",
                            "criteres": ["Pertinence", "Cohérence"],
                        }
                        for line in (1, 2)
                    ],
                }
                for m in range(1, count + 1)
            ],
        }
        for n, (title, count) in enumerate(TITLES, start=1)
    ]


def _period(number: int) -> dict[str, Any]:
    codes = [f"C{n}" for n in range(1, 11)]
    levels = [number % 3 + n % 2 for n in range(10)]
    return {
        "number": number,
        "starts_on": "5 janvier 2026",
        "ends_on": "4 avril 2026",
        "state": "Signée par les trois",
        "version": 1,
        "taught": [{"subject": "Négociation", "hours": "28"}],
        "tasks": [
            {
                "done_on": "12/02/2026",
                "title": "Campagne téléphonique auprès de 60 clients",
                "details": "Neuf rendez-vous pris.",
                "kind": "Ciblage et prospection",
                "codes": ["C1", "C2"],
            }
        ],
        "proofs": [{"name": "stand.jpg", "added_at": "12/02/2026", "sha256": "a" * 64}],
        "maitre_excuse": "",
        "apprentice_text": "Découverte de l'entreprise et de l'offre. Mise à jour de 120 fiches.",
        "maitre_position": "En progrès",
        "maitre_text": "Bonne intégration, sérieuse et ponctuelle.",
        "maitre_goals": "Mener seule un premier rendez-vous de découverte.",
        "tutor_text": "Missions conformes au bloc 1.",
        "radar": drawing.radar(codes, [(levels, drawing.AMBER), (levels[::-1], drawing.ACCENT)]),
        "positions": [
            {
                "code": code,
                "title": "Compétence du référentiel",
                "apprentice": "Autonome",
                "maitre": "Débutant",
            }
            for code in codes
        ],
        "signatures": [
            {
                "role": role,
                "signer": signer,
                "picture": drawing.signature(STROKES),
                "typed": "",
                "signed_at": "06/04/2026 à 18:12:00",
            }
            for role, signer in (
                ("Apprenti", "Aïcha Benali"),
                ("Maître d'apprentissage", "Chantal Dumas"),
                ("Tuteur CFA", "Bruno Caron"),
            )
        ],
    }


def _review(number: int) -> dict[str, Any]:
    return {
        "name": f"Bilan trimestriel {number}",
        "uuid": str(number),
        "is_written": True,
        "is_plan": False,
        "state": "Signé par tous",
        "on": "1er avril 2026",
        "mode": "En visioconférence",
        "participants": "Aïcha Benali, Chantal Dumas, Bruno Caron",
        "next_on": "30 juin 2026",
        "sections": [
            {"label": "Ce que dit le CFA", "text": "Assidue."},
            {"label": "Difficultés", "text": ""},
        ],
        "facts": {
            "as_of": "01/04/2026",
            "since": "05/01/2026",
            "hours": {"present": "150", "held": "154"},
            "absences": {"absent": 1, "excused": 0, "late": 1},
        },
        "commitments": [
            {
                "who": "Maître d'apprentissage",
                "text": "Confier un rendez-vous",
                "due_on": "01/06/2026",
                "state": "En cours",
            }
        ],
        "signatures": _period(number)["signatures"],
    }


def livret() -> dict[str, Any]:
    return {
        "person": PERSON,
        "certification": CERTIFICATION,
        "programme": {
            "place": "2 rue des Tilleuls, Paris",
            "subjects": [{"title": "Négociation", "unite": "U4", "hours": "280"}],
        },
        "cohort": {
            "name": "NDRC 2026-2027",
            "starts_on": "5 janvier 2026",
            "ends_on": "30 juin 2027",
        },
        "tutor": {"name": "Bruno Caron", "email": "bruno.caron@cfa.example"},
        "contract": {
            "kind": "Contrat d'apprentissage",
            "state": "Transmis à l'OPCO",
            "concluded_on": "19 décembre 2025",
            "starts_on": "5 janvier 2026",
            "ends_on": "30 juin 2027",
            "training_hours": "1057",
            "weekly": "35",
            "company": "Boréal Équipements",
            "siret": "81234567600017",
            "naf": "",
            "company_address": "14 quai de la Seine, 78700 Conflans-Sainte-Honorine",
            "maitre": "Chantal Dumas",
            "maitre_title": "Responsable commerciale",
            "maitre_contact": "chantal.dumas@entreprise.example · 06 00 00 00 00",
            "pay": [
                {
                    "year": 1,
                    "starts_on": "05/01/2026",
                    "ends_on": "04/01/2027",
                    "rate": "43",
                    "base": "SMIC",
                }
            ],
        },
        "blocs": _blocs(),
        "has_ccf": True,
        "calendar": {
            "usual": ["matin de 09:00 à 12:30", "après-midi de 13:30 à 17:00"],
            "months": [
                {
                    "month": f"{month} 2026",
                    "hours": "56",
                    "rows": [
                        {
                            "date": f"lun {n}",
                            "morning": "Négociation-vente",
                            "afternoon": "Anglais (13:30 à 16:30)",
                            "hours": "7",
                        }
                        for n in range(1, 9)
                    ],
                }
                for month in MONTHS
            ],
        },
        "plan": [
            {
                "title": "Organiser le stand du salon professionnel",
                "term": "Moyen terme (première année)",
                "kind": "Organisation d'un évènement commercial",
                "codes": ["C3"],
            }
        ],
        "codes": [{"code": f"C{n}", "title": "Compétence du référentiel"} for n in range(1, 11)],
        "reviews": [_review(n) for n in range(1, 4)],
        "fiches": [
            {
                "epreuve": "E4",
                "label": "Organisation et animation d'un évènement commercial",
                "title": "Stand de deux jours",
                "state": "Brouillon",
                "tasks": ["Stand de deux jours"],
            }
        ],
        "average": "12,5",
        "semesters": [
            {
                "number": 1,
                "rows": [{"subject": "Négociation", "average": "12,5", "words": "Régulière."}],
                "general": "12,5",
                "council": "Semestre sérieux.",
            }
        ],
        "coming": [{"number": 7, "starts_on": "5 avril 2027", "ends_on": "30 juin 2027"}],
        "hours": _hours(),
        "attendance": [
            {
                "month": f"{month} 2026",
                "held": "56",
                "present": "52,5",
                "absent": "3,5",
                "excused": "0",
            }
            for month in MONTHS
        ],
        "results": _results(),
        "periods": [_period(number) for number in range(1, 7)],
        "proofs": [
            {
                "of": f"Période {number}",
                "role": "Apprenti",
                "signer": "Aïcha Benali",
                "signed_at": "06/04/2026 à 18:12:00",
                "means": "compte",
                "text": "0" * 64,
                "trace": "f" * 64,
            }
            for number in range(1, 7)
        ],
        "scans": [],
        "media_files": [],
    }


def _alone() -> dict[str, Any]:
    whole = livret()
    names = ("person", "certification", "cohort", "tutor", "contract", "scans", "media_files")
    return {name: whole[name] for name in names} | {"mark": "0" * 8}


def period() -> dict[str, Any]:
    """One period alone."""
    return _alone() | {"period": _period(1)}


def review() -> dict[str, Any]:
    """One bilan alone."""
    return _alone() | {"review": _review(1)}


def fiche() -> dict[str, Any]:
    """One fiche of E4."""
    return {
        "epreuve": "E4",
        "number": 2,
        "need": "Organisation et animation d'un évènement commercial",
        "title": "Stand de deux jours au salon professionnel",
        "person": {"name": PERSON["name"]},
        "cohort": "NDRC 2026-2027",
        "diploma": "BTS NDRC",
        "session": 2027,
        "rubrics": [{"label": "Cadre de l'activité", "text": "Boréal Équipements, 42 salariés."}],
        "tasks": ["Stand de deux jours (période 2)"],
    }
