"""Who appears in the demo: the fixed cast, and invented people around them.

No person here exists. The centre's name, address and programme come from the public document of
LZ Formation; its numbers (UAI, SIRET, NDA) and everybody in it are invented.
"""

from dataclasses import dataclass
from datetime import date

from stdnum import luhn

from .people import (
    AICHA,
    AUDITOR,
    BRUNO,
    CHANTAL,
    DENIS,
    ELISE,
    FARID,
    GAELLE,
    HUGO,
    INES,
    PASSWORD,
    Person,
)


@dataclass(frozen=True)
class Employer:
    name: str
    siren8: str  # eight digits; the check digits are computed
    naf: str
    idcc: str
    opco: str
    headcount: int
    address: str
    postcode: str
    city: str

    @property
    def siret(self) -> str:
        siren = self.siren8 + luhn.calc_check_digit(self.siren8)
        nic = siren + "0001"
        return nic + luhn.calc_check_digit(nic)


@dataclass(frozen=True)
class DemoApprentice:
    person: Person
    born_on: date
    city: str
    postcode: str
    employer: int  # index in EMPLOYERS
    maitre: Person


__all__ = ["HUGO", "INES", "PASSWORD"]  # with what follows, all that the demo needs of people

# Who can sign in to the demo, and what they come to do.
ACCOUNTS = [
    (ELISE, "équipe du CFA : mène l'année"),
    (FARID, "administration du CFA : personnes, rôles, Django admin"),
    (BRUNO, "formateur et tuteur CFA : émargement, CCF, suivi"),
    (AICHA, "apprentie : signe, remplit son livret"),
    (CHANTAL, "maître d'apprentissage d'Aïcha"),
    (DENIS, "maître d'apprentissage d'une autre entreprise"),
    (AUDITOR, "auditrice : lecture seule"),
    (GAELLE, "équipe d'un autre CFA : ne voit rien du premier"),
]

EMPLOYERS = [
    Employer(
        "Boréal Équipements",
        "81234567",
        "4669B",
        "2216",
        "Opcommerce",
        42,
        "14 quai de la Seine",
        "78700",
        "Conflans-Sainte-Honorine",
    ),
    Employer(
        "Maison Lavergne",
        "52310984",
        "4759A",
        "1880",
        "Opcommerce",
        18,
        "3 rue du Marché",
        "95000",
        "Cergy",
    ),
    Employer(
        "Novéa Télécom",
        "79845120",
        "6120Z",
        "2148",
        "Afdas",
        230,
        "27 avenue des Érables",
        "78300",
        "Poissy",
    ),
    Employer(
        "Cap Habitat Conseil",
        "44781236",
        "6831Z",
        "1527",
        "OPCO EP",
        9,
        "8 place de la Gare",
        "78100",
        "Saint-Germain-en-Laye",
    ),
    Employer(
        "Atelier Solène Cosmétiques",
        "83920417",
        "2042Z",
        "0044",
        "OPCO 2i",
        64,
        "51 rue des Tilleuls",
        "95300",
        "Pontoise",
    ),
]


def _maitre(first: str, last: str) -> Person:
    plain = f"{first}.{last}".lower().translate(str.maketrans("éèêëàâîïôùûç'- ", "eeeeaaiiouuc..."))
    return Person(first, last, f"{plain}@entreprise.example")


def _apprentice(
    first: str,
    last: str,
    born: tuple[int, int, int],
    place: tuple[str, str],
    employer: int,
    maitre: Person,
) -> DemoApprentice:
    plain = _maitre(first, last).email.split("@")[0]
    person = (
        AICHA
        if (first, last) == ("Aïcha", "Benali")
        else Person(first, last, f"{plain}@apprenti.example")
    )
    return DemoApprentice(person, date(*born), place[0], place[1], employer, maitre)


_CONFLANS, _CERGY, _POISSY = (
    ("Conflans-Sainte-Honorine", "78700"),
    ("Cergy", "95000"),
    ("Poissy", "78300"),
)
_LUCIE, _OMAR, _PAULINE = (
    _maitre("Lucie", "Prévost"),
    _maitre("Omar", "Ziani"),
    _maitre("Pauline", "Royer"),
)
APPRENTICES = [
    _apprentice("Aïcha", "Benali", (2006, 4, 12), _CONFLANS, 0, CHANTAL),
    _apprentice("Tom", "Aubert", (2005, 9, 3), _CERGY, 0, CHANTAL),
    _apprentice("Maëlys", "Besson", (2006, 11, 28), _POISSY, 1, DENIS),
    _apprentice("Yanis", "Cherif", (2004, 2, 17), _CERGY, 1, DENIS),
    _apprentice("Clara", "Delmas", (2007, 1, 9), _CONFLANS, 2, _LUCIE),
    _apprentice("Noé", "Fontaine", (2005, 6, 30), _POISSY, 2, _LUCIE),
    _apprentice("Lina", "Guérin", (2006, 8, 21), _CERGY, 3, _OMAR),
    _apprentice("Samuel", "Hamon", (1999, 12, 5), _CONFLANS, 3, _OMAR),
    _apprentice("Jade", "Imbert", (2006, 3, 14), _POISSY, 4, _PAULINE),
    _apprentice("Rayan", "Jourdain", (2005, 10, 19), _CERGY, 4, _PAULINE),
    _apprentice("Louise", "Kessler", (2004, 7, 2), _CONFLANS, 2, _maitre("Martin", "Lebrun")),
    _apprentice("Adam", "Lemoine", (2006, 5, 25), _CERGY, 2, _maitre("Martin", "Lebrun")),
    _apprentice("Zoé", "Mercier", (2005, 1, 31), _POISSY, 4, _maitre("Agnès", "Colas")),
    _apprentice("Ibrahim", "Ndiaye", (2003, 9, 8), _CERGY, 3, _maitre("Rémi", "Gaudin")),
    _apprentice("Emma", "Olivier", (2006, 12, 16), _CONFLANS, 1, _maitre("Nadia", "Ferrand")),
]
