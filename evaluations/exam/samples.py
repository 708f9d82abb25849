"""An invented attestation of units: preview of development and tests."""

from typing import Any


def attestation() -> dict[str, Any]:
    units = [
        ("U2", "Communication en langue vivante étrangère 1", "RNCP38368BC05", "12"),
        ("U4", "Relation client et négociation-vente", "RNCP38368BC01", "13"),
        ("U6", "Relation client et animation de réseaux", "RNCP38368BC03", "11"),
    ]
    return {
        "diploma": "BTS Négociation et digitalisation de la relation client",
        "rncp": "RNCP38368",
        "session": 2027,
        "deliberated_on": "2 juillet 2027",
        "person": {
            "name": "Aïcha Benali",
            "usage_name": "",
            "born_on": "12 avril 2006",
            "sex": "F",
            "birth_place": "Poissy",
        },
        "candidate_number": "02140012345",
        "decision": "Ajourné",
        "units": [
            {
                "unit": code,
                "title": title,
                "bloc": bloc,
                "bloc_title": title,
                "mark": mark,
                "session": 2027,
                "until": 2032,
            }
            for code, title, bloc, mark in units
        ],
        "uuid": "00000000-0000-0000-0000-000000000000",
    }
