"""What the preview of development prints."""

from typing import Any


def programme() -> dict[str, Any]:
    """A small programme, invented."""
    return {
        "cfa": {"name": "CFA d'essai", "city": "Exempleville"},
        "number": 1,
        "published_on": "1er septembre 2026",
        "title": "BTS Négociation et digitalisation de la relation client",
        "acronym": "NDRC",
        "programme_title": "BTS NDRC, 2026-2028",
        "certification": [["Diplôme", "BTS, niveau 5"], ["Codes", "RNCP38368"]],
        "training": [["Dates", "du 01/09/2026 au 31/08/2028 (24 mois)"], ["Heures", "1 350 h"]],
        "sections": [
            {"title": "Public", "lines": [{"label": "Âge", "text": "16 à 29 ans révolus"}]}
        ],
        "blocs": [
            {
                "code": "RNCP38368BC01",
                "title": "Relation client et négociation-vente",
                "unite": "U4",
                "optional": False,
                "competences": ["Cibler et prospecter la clientèle"],
            }
        ],
        "subjects": [
            {
                "title": "Négociation-vente",
                "unite": "U4",
                "year_1": "140 h",
                "year_2": "140 h",
                "hours": "280 h",
                "contents": [{"title": "Prospection", "items": ["Plan de prospection"]}],
            }
        ],
        "hours_total": "280 h",
        "categorie": "CFA habilité au CCF",
        "epreuves": [
            {
                "code": "E4",
                "title": "Relation client et négociation-vente",
                "unite": "U4",
                "coefficient": "5",
                "form": "CCF, 2 situations",
                "parts": "",
            }
        ],
        "coefficients": "21",
        "conditions": ["Moyenne générale de 10 sur 20 au moins."],
        "indicators": [{"label": "Taux d'obtention", "year": 2025, "rate": 88.0}],
        "references": ["Code de l'éducation, articles D643-1 à D643-35-1"],
        "reserves": [],
    }
