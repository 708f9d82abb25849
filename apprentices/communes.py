"""The communes of France by INSEE code, with their postcodes (Code officiel géographique, INSEE).

The list is a file of the package, read once; `tools/communes.py` writes it again each year. A code
is not a postcode: 78172 is Conflans-Sainte-Honorine, whose postcode is 78700. Births abroad take the
country's code of the same nomenclature (99352, Algérie), from `data/countries.csv`: the countries of
today, and those that ended since an apprentice may have been born there.
"""

import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
SOURCE = DATA / "communes.csv.gz"
COUNTRIES = DATA / "countries.csv"
ABROAD = re.compile(r"99[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or a country of today, or a former one (people were born there)."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    is_former: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def is_abroad(self) -> bool:
        return self.code.startswith("99")


def plain(text: str) -> str:
    """Letters and digits only, upper case, without accents; SAINT for ST."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    words = re.findall(r"[A-Z0-9]+", "".join(c for c in bare if ord(c) < 128).upper())
    return " ".join({"ST": "SAINT", "STE": "SAINTE"}.get(word, word) for word in words)


@lru_cache(maxsize=1)
def communes() -> dict[str, Commune]:
    found = {}
    for line in gzip.decompress(SOURCE.read_bytes()).decode("utf-8").splitlines():
        code, name, postcodes, former = line.split(";")
        found[code] = Commune(code, name, tuple(postcodes.split()), bool(former))
    return found


@lru_cache(maxsize=1)
def countries() -> dict[str, Commune]:
    """The INSEE's foreign countries and territories; a former one carries the year of its end."""
    found = {}
    for line in COUNTRIES.read_text(encoding="utf-8").splitlines():
        code, name, ended_in = line.split(";")
        found[code] = Commune(code, name, (), bool(ended_in))
    return found


@lru_cache(maxsize=1)
def _by_name() -> list[tuple[str, Commune]]:
    places = (*communes().values(), *countries().values())
    return sorted(((plain(c.name), c) for c in places), key=lambda pair: (pair[0], pair[1].code))


@lru_cache(maxsize=1)
def _postcodes() -> dict[str, list[Commune]]:
    found: dict[str, list[Commune]] = {}
    for commune in communes().values():
        for postcode in commune.postcodes:
            found.setdefault(postcode, []).append(commune)
    return found


def commune(code: str) -> Commune | None:
    """The commune or the country of this INSEE code, former ones included."""
    return communes().get(code) or countries().get(code)


def search(text: str, limit: int = 12) -> list[Commune]:
    """Communes whose name begins so, then those that hold the words; or of this postcode or code."""
    text = text.strip()
    if re.fullmatch(r"[0-9][0-9AB][0-9]{3}", text.upper()):
        exact = [c] if (c := commune(text.upper())) else []
        return (_postcodes().get(text, []) + [c for c in exact if text not in c.postcodes])[:limit]
    wanted = plain(text)
    if len(wanted) < 2:
        return []
    first, others = [], []
    for name, found in _by_name():
        if name.startswith(wanted):
            first.append(found)
        elif f" {wanted}" in name:
            others.append(found)
    # A country before the communes that begin like it: « Mali », then « Malicorne ».
    first.sort(
        key=lambda c: (c.is_former, not (c.is_abroad and plain(c.name) == wanted), len(c.name))
    )
    return (first + others)[:limit]


def guess(city: str, postcode: str) -> Commune | None:
    """The only commune of this postcode, or the one of the same name there; never a doubtful one."""
    there = [c for c in _postcodes().get(postcode.strip(), []) if not c.is_former]
    named = [c for c in there if plain(c.name) == plain(city)]
    if len(named) == 1:
        return named[0]
    return there[0] if len(there) == 1 and not city.strip() else None


def commune_problem(code: str, *, abroad: bool = True) -> str:
    """What is wrong with an INSEE commune code, or "".

    `abroad` also admits 99 and the country's three digits (SIFA, NIR).
    """
    if abroad and ABROAD.fullmatch(code):
        if code in countries():
            return ""
        return (
            f"Aucun pays ne porte le code INSEE {code} : tapez le nom du pays, puis choisissez-le "
            "dans la liste."
        )
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", code):
        return (
            "Un code INSEE de commune compte 5 caractères (78172, 2A004), ou 99 et le pays à "
            "l'étranger ; ce n'est pas le code postal."
        )
    if code in communes():
        return ""
    if code in _postcodes():
        names = ", ".join(str(c) for c in _postcodes()[code][:3])
        return f"{code} est un code postal : donnez le code INSEE, par exemple {names}."
    return f"Aucune commune ne porte le code INSEE {code}."


def postcode_problem(postcode: str, code: str) -> str:
    """Whether postcode and commune are the same town (SIFA, columns 19 and 20), or ""."""
    found = commune(code)
    if not postcode or not found or not found.postcodes or postcode in found.postcodes:
        return ""
    # A CEDEX or a special postcode keeps the department.
    return (
        f"Le code postal {postcode} n'est pas celui de {found} ({', '.join(found.postcodes[:3])})."
    )
