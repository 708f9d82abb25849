"""The SIFA survey (DEPP): the 47 columns of a line, and the checks that its portal would make.

Pure: facts in, lines and problems out. Layout and rules: reference on apprenticeship, section 6.4
(instructions of 31/12/2024, layout unchanged since 31/12/2023).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.rules import siret_problem, uai_problem

from ..codes import code_list
from ..communes import commune_problem, postcode_problem
from ..identifiers import ine_problem, phone_digits

SEPARATOR = "|"
# Name, length, mandatory.
COLUMNS: tuple[tuple[str, int, bool], ...] = (
    ("INE_RNIE", 11, False), ("NUMERO_UAI", 8, True), ("TYPE_CFA", 2, True), ("SIT_FORM", 8, True),
    ("UAI_EPLE", 8, True), ("NAT_STR_JUR", 9, True), ("STATUT", 6, True), ("DIPLOME", 8, True),
    ("RNCP", 10, False), ("DUR_FORM_THEO", 2, True), ("DUR_FORM_REELLE", 3, True),
    ("AN_FORM", 2, True), ("NOM", 100, True), ("NOM2", 100, False), ("PRENOM1", 100, True),
    ("PRENOM2", 100, False), ("PRENOM3", 100, False), ("ADRESSE", 200, True),
    ("COD_POST", 5, False), ("COM_RESID", 5, False), ("TEL_JEUNE", 20, False),
    ("TEL_RESP1_PERSO", 20, False), ("TEL_RESP1_PRO", 20, False), ("TEL_RESP2_PERSO", 20, False),
    ("TEL_RESP2_PRO", 20, False), ("MAIL_JEUNE", 80, False), ("MAIL_RESP1", 80, False),
    ("MAIL_RESP2", 80, False), ("DATE_NAIS", 8, True), ("LIEU_NAIS", 5, True), ("SEXE", 1, True),
    ("REGIME_SCO", 2, False), ("PCS", 2, False), ("HANDI", 1, False), ("NATIO", 1, False),
    ("SIT_AV_APP", 2, False), ("DIP_OBT", 2, False), ("SIT_N_1", 4, True), ("ETAB_N_1", 8, True),
    ("TYPE_EMP", 2, False), ("DATE_ENTREE_CFA", 8, False), ("DATE_DEB_CONT", 8, False),
    ("DATE_RUPT_CONT", 8, False), ("COM_ETAB", 5, False), ("NAF_ETAB", 5, False),
    ("NBSAL_EMP", 8, False), ("SIRET_EMP", 14, False),
)  # fmt: skip
NAMES = tuple(name for name, _, _ in COLUMNS)
# CERFA code of the highest diploma -> DIP_OBT.
DIPLOMAS = {
    "13": "01", "26": "02", "25": "03", "33": "04", "34": "05", "35": "06", "38": "06", "41": "08",
    "42": "07", "43": "07", "44": "10", "49": "10", "54": "11", "55": "12", "58": "13", "64": "15",
    **dict.fromkeys(("62", "63", "69", "73", "75", "76", "79", "80"), "14"),
}  # fmt: skip
# CERFA situation before the contract -> SIT_AV_APP, when last year's class does not say better.
SITUATIONS = {
    "3": "41", "5": "51", "6": "53", "7": "52", "8": "52", "9": "52", "10": "53", "11": "54",
    "12": "90",
}  # fmt: skip
# What a person knows each column by; the others carry what the CFA never types for itself.
WORDS = {
    "INE_RNIE": "INE", "NUMERO_UAI": "UAI du CFA", "TYPE_CFA": "type de CFA",
    "SIT_FORM": "site de formation", "UAI_EPLE": "EPLE partenaire", "NAT_STR_JUR": "nature juridique",
    "AN_FORM": "année de formation", "NOM": "nom", "PRENOM1": "prénom", "ADRESSE": "adresse",
    "COD_POST": "code postal", "COM_RESID": "commune de résidence", "TEL_JEUNE": "téléphone",
    "MAIL_JEUNE": "adresse e-mail", "MAIL_RESP1": "adresse e-mail du représentant légal",
    "MAIL_RESP2": "adresse e-mail du second représentant", "DATE_NAIS": "date de naissance",
    "LIEU_NAIS": "commune de naissance", "SEXE": "sexe", "REGIME_SCO": "régime scolaire",
    "PCS": "profession du représentant légal", "SIT_AV_APP": "situation avant le contrat",
    "DIP_OBT": "diplôme le plus élevé obtenu", "SIT_N_1": "situation de l'an passé",
    "ETAB_N_1": "établissement de l'an passé", "TYPE_EMP": "type d'employeur",
    "DATE_DEB_CONT": "début du contrat", "DATE_RUPT_CONT": "rupture du contrat",
    "COM_ETAB": "commune de l'employeur", "NAF_ETAB": "NAF de l'employeur",
    "NBSAL_EMP": "effectif de l'employeur", "SIRET_EMP": "SIRET de l'employeur",
}  # fmt: skip
OF_THE_CENTRE = frozenset(["NUMERO_UAI", "TYPE_CFA", "SIT_FORM", "UAI_EPLE", "NAT_STR_JUR"])
OF_THE_CONTRACT = frozenset(
    [
        *("TYPE_EMP", "COM_ETAB", "NAF_ETAB", "NBSAL_EMP", "SIRET_EMP"),
        *("DATE_DEB_CONT", "DATE_RUPT_CONT", "AN_FORM", "DUR_FORM_REELLE"),
    ]
)
NO_SCHOOL = ("5903", "5905", "5907", "9900")
MASTERS = ("4013", "4019", "4021", "4113", "4119", "4121")


@dataclass(frozen=True)
class SifaProblem:
    """What the portal would refuse, on whose record, in which column."""

    key: str  # the apprentice's uuid, "" for the centre's settings
    who: str
    column: str
    message: str

    @property
    def words(self) -> str:
        return WORDS.get(self.column, self.column)

    @property
    def place(self) -> str:
        """Where it is corrected: the `centre`'s settings, the `contract`'s page or the `person`'s record."""
        if not self.key or self.column in OF_THE_CENTRE:
            return "centre"
        return "contract" if self.column in OF_THE_CONTRACT else "person"


@dataclass(frozen=True)
class SifaFacts:
    """One apprentice on the observation date, as the database knows them."""

    key: str
    who: str
    born_on: date
    cfa_uai: str
    cfa_type: str
    site: str
    eple_uai: str
    nature: str
    diploma: str
    theory_months: int
    real_months: int
    year: str
    last_name: str
    usage_name: str
    first_names: tuple[str, ...]
    address: str
    postcode: str
    residence: str
    phone: str
    representative_phones: tuple[str, str]
    email: str
    representative_emails: tuple[str, str]
    birth_insee: str
    sex: str
    boarding: str
    pcs: str
    rqth: bool
    nationality: str
    situation_before: str
    highest_diploma: str
    situation_n1: str
    school_n1: str
    employer_type: str
    enters_on: date
    contract_starts_on: date | None
    broken_on: date | None
    employer_insee: str
    naf: str
    headcount: int | None
    siret: str
    ine: str
    was_here_last_year: bool = False


def capitals(text: str) -> str:
    """UPPERCASE without accents; hyphens stay, everything else is a space."""
    bare = unicodedata.normalize(
        "NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae")
    )
    letters = "".join(c for c in bare if ord(c) < 128).upper()
    return " ".join(re.sub(r"[^A-Z\-]", " ", letters).split())


def plain_cell(text: str) -> str:
    """A value that cannot break the line: no separator, no quote, no line end."""
    return " ".join(re.sub(r"[|;\"\r\n\t<>]", " ", text).split())


def year_of_training(ends_on: date, observed_on: date, repeats: bool) -> str:
    """AN_FORM of a two-year BTS: who sits the exam in this school year is in 2nd year; P repeats."""
    school_year_end = date(observed_on.year + 1, 8, 31)
    return f"{2 if ends_on <= school_year_end else 1}{'P' if repeats else 'A'}"


def situation_before(cerfa: str, situation_n1: str) -> str:
    """SIT_AV_APP: from last year's class when it was at school, else from the CERFA's code."""
    if cerfa in {"", "1", "3"} and situation_n1:
        head = situation_n1[0]
        if situation_n1 == "1009":
            return "12"
        found = {"1": "11", "2": "21", "3": "31", "4": "41"}.get(head)
        if found:
            return found
    return SITUATIONS.get(cerfa, "99")


def sifa_row(facts: SifaFacts) -> dict[str, str]:
    """The 47 columns of one apprentice, in order; an unknown value stays empty."""
    firsts = [capitals(name) for name in facts.first_names][:3]
    firsts += [""] * (3 - len(firsts))
    values = (
        facts.ine, facts.cfa_uai, facts.cfa_type, facts.site, facts.eple_uai, facts.nature, "APP",
        facts.diploma, "", f"{facts.theory_months}", f"{facts.real_months}", facts.year,
        capitals(facts.last_name), capitals(facts.usage_name), *firsts, plain_cell(facts.address),
        facts.postcode, facts.residence, phone_digits(facts.phone),
        phone_digits(facts.representative_phones[0]), "",
        phone_digits(facts.representative_phones[1]), "", plain_cell(facts.email),
        *(plain_cell(mail) for mail in facts.representative_emails), _day(facts.born_on),
        facts.birth_insee, {"M": "1", "F": "2"}.get(facts.sex, ""), facts.boarding, facts.pcs,
        "1" if facts.rqth else "0", facts.nationality or "9",
        situation_before(facts.situation_before, facts.situation_n1),
        DIPLOMAS.get(facts.highest_diploma, "99"), facts.situation_n1, facts.school_n1,
        facts.employer_type, _day(facts.enters_on), _day(facts.contract_starts_on),
        _day(facts.broken_on), facts.employer_insee, facts.naf,
        "" if facts.headcount is None else f"{facts.headcount}", facts.siret,
    )  # fmt: skip
    return dict(zip(NAMES, values, strict=True))


def _day(day: date | None) -> str:
    return f"{day:%d%m%Y}" if day else ""


def sifa_file(rows: Sequence[dict[str, str]]) -> bytes:
    """The file of the portal: one line each, no header, no text delimiter, no BOM."""
    lines = (SEPARATOR.join(plain_cell(row[name]) for name in NAMES) + "\r\n" for row in rows)
    return "".join(lines).encode("utf-8")


def check(facts: Sequence[SifaFacts], observed_on: date) -> list[SifaProblem]:
    """Everything the portal refuses, by record: forms, mandatory columns, agreements, duplicates."""
    found = []
    rows = [sifa_row(each) for each in facts]
    for each, row in zip(facts, rows, strict=True):
        found += [
            SifaProblem(each.key, each.who, column, message)
            for column, message in (
                *_forms(row),
                *_ages(each, row, observed_on),
                *_agreements(row),
                *_durations(each, row, observed_on),
            )
        ]
    found += _duplicates(facts, rows)
    return found


def _forms(row: dict[str, str]):
    for name, length, mandatory in COLUMNS:
        if mandatory and not row[name]:
            yield name, "à renseigner."
        elif len(row[name]) > length:
            yield name, f"{length} caractères au plus."
    yield from (
        (name, problem)
        for name, problem in (
            ("NUMERO_UAI", uai_problem(row["NUMERO_UAI"]) if row["NUMERO_UAI"] else ""),
            ("SIT_FORM", uai_problem(row["SIT_FORM"]) if len(row["SIT_FORM"]) == 8 else ""),
            ("INE_RNIE", ine_problem(row["INE_RNIE"]) if row["INE_RNIE"] else ""),
            ("LIEU_NAIS", commune_problem(row["LIEU_NAIS"]) if row["LIEU_NAIS"] else ""),
            ("COM_RESID", commune_problem(row["COM_RESID"]) if row["COM_RESID"] else ""),
            ("COM_ETAB", commune_problem(row["COM_ETAB"], abroad=False) if row["COM_ETAB"] else ""),
            ("COD_POST", postcode_problem(row["COD_POST"], row["COM_RESID"])),
            ("SIRET_EMP", siret_problem(row["SIRET_EMP"]) if row["SIRET_EMP"] else ""),
            ("SIT_N_1", code_list("sifa_situation_n1").problem(row["SIT_N_1"])),
            ("TYPE_CFA", code_list("sifa_cfa_type").problem(row["TYPE_CFA"])),
            ("REGIME_SCO", code_list("sifa_boarding").problem(row["REGIME_SCO"])),
            ("PCS", code_list("sifa_pcs").problem(row["PCS"])),
        )
        if problem
    )
    for name in ("MAIL_JEUNE", "MAIL_RESP1", "MAIL_RESP2"):
        if row[name] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row[name]):
            yield name, "Cette adresse doit contenir @ et un point."
    if (row["UAI_EPLE"] == "NC") != (row["NAT_STR_JUR"] == "NC"):
        yield "NAT_STR_JUR", "NC exactement quand UAI_EPLE vaut NC."


def _ages(facts: SifaFacts, row: dict[str, str], observed_on: date):
    age = observed_on.year - facts.born_on.year
    if (observed_on.month, observed_on.day) < (facts.born_on.month, facts.born_on.day):
        age -= 1
    situation = row["SIT_N_1"]
    if not 14 <= age <= 65:
        yield "DATE_NAIS", f"{age} ans : SIFA attend de 14 à 65 ans."
    if age in (16, 17):
        if situation and not (situation < "4001" or situation >= "5901"):
            yield "SIT_N_1", f"À {age} ans, l'an passé ne peut pas être dans le supérieur."
        if row["SIT_AV_APP"] == "41":
            yield "SIT_AV_APP", f"À {age} ans, la situation d'avant ne peut pas être le supérieur."
    if age == 18 and situation in MASTERS:
        yield "SIT_N_1", "À 18 ans, l'an passé ne peut pas être à ce niveau."


def _agreements(row: dict[str, str]):
    situation, before, diploma = row["SIT_N_1"], row["SIT_AV_APP"], row["DIP_OBT"]
    if situation.startswith("1") and before not in ("11", "12", "90", "99"):
        yield (
            "SIT_AV_APP",
            "Après une classe de collège, la situation d'avant est 11, 12, 90 ou 99.",
        )
    if situation.startswith("2") and before == "41":
        yield (
            "SIT_AV_APP",
            "Après une classe de lycée, la situation d'avant n'est pas le supérieur.",
        )
    lower = situation.startswith("1") and situation != "1009"
    if lower and diploma not in ("01", "02", "03", "99"):
        yield "DIP_OBT", "Après une classe de collège, le diplôme obtenu est au plus le brevet."
    if situation.startswith("2") and diploma not in ("99",) and diploma > "10":
        yield "DIP_OBT", "Après une classe de lycée, le diplôme obtenu est au plus de niveau 4."
    if not (situation and row["ETAB_N_1"]):
        return
    is_none = row["ETAB_N_1"] == "995"
    if situation in NO_SCHOOL and not is_none:
        yield "ETAB_N_1", "995 (non concerné) quand l'an passé n'était ni scolaire ni en formation."
    if is_none and situation not in NO_SCHOOL:
        yield "ETAB_N_1", "995 ne s'emploie que pour un emploi, un stage, sans emploi ou autre."


def _durations(facts: SifaFacts, row: dict[str, str], observed_on: date):
    if abs(facts.theory_months - facts.real_months) > 24:
        yield "DUR_FORM_REELLE", "L'écart avec la durée théorique dépasse 24 mois."
    if int(row["AN_FORM"][0]) > -(-facts.theory_months // 12):
        yield "AN_FORM", "Cette année dépasse la durée de la formation."
    if facts.enters_on > observed_on:
        yield "DATE_ENTREE_CFA", "L'entrée suit la date d'observation."
    if facts.broken_on and facts.contract_starts_on and facts.broken_on < facts.contract_starts_on:
        yield "DATE_RUPT_CONT", "La rupture précède le début du contrat."
    if facts.was_here_last_year and row["ETAB_N_1"] and row["ETAB_N_1"] != row["SIT_FORM"]:
        yield "ETAB_N_1", f"Déjà dans ce CFA l'an passé : l'établissement est {row['SIT_FORM']}."


def _duplicates(facts: Sequence[SifaFacts], rows: Sequence[dict[str, str]]) -> list[SifaProblem]:
    ines = Counter(row["INE_RNIE"] for row in rows if row["INE_RNIE"])
    people = Counter((r["NOM"], r["PRENOM1"], r["DATE_NAIS"]) for r in rows)
    found = []
    for each, row in zip(facts, rows, strict=True):
        if ines[row["INE_RNIE"]] > 1:
            found.append(
                SifaProblem(each.key, each.who, "INE_RNIE", "Une autre ligne porte le même INE.")
            )
        if people[row["NOM"], row["PRENOM1"], row["DATE_NAIS"]] > 1:
            found.append(
                SifaProblem(each.key, each.who, "NOM", "Une autre ligne porte la même identité.")
            )
    if len({row["TYPE_CFA"] for row in rows}) > 1:
        found.append(SifaProblem("", "CFA", "TYPE_CFA", "La même valeur est attendue partout."))
    return found
