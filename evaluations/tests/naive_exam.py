"""A second decision, written apart from the first from the reference's text, with no concern but clarity.

It knows nothing of `evaluations.exam`: coefficients and thresholds are typed here again, numbers are
fractions, statuses are the words of the file, rows are read with `split`. Whatever both say alike was
not copied from one to the other.
"""

from fractions import Fraction

COEF = {"U1": 3, "U2": 3, "U3": 3, "U4": 5, "U5": 4, "U6": 3}
GENERAL = ["U1", "U2", "U3"]
PRO = ["U4", "U5", "U6"]


class Wrong(Exception):
    """The row cannot be judged."""


def number(text):
    text = text.strip().replace(",", ".")
    if not text or not all(c in "0123456789." for c in text) or text.count(".") > 1:
        raise Wrong(text)
    if text[0] == "." or text[-1] == ".":
        raise Wrong(text)
    value = Fraction(text)
    if value > 20 or (value * 2).denominator != 1:
        raise Wrong(text)
    return value


def kept(text, session, progressive):
    mark, year = text[1:].split()
    mark, year = number(mark), int(year)
    if year >= session or session - year > 5:
        raise Wrong("kept too old")
    if mark < 10 and not progressive:
        raise Wrong("kept under 10")
    return mark


def option(text, session, progressive):
    text = text.strip().upper()
    if text in ("", "AB", "FM"):
        return Fraction(0)
    if text in ("D", "NV"):
        raise Wrong("option")
    mark = kept(text, session, progressive) if text.startswith("C") else number(text)
    return mark - 10 if mark > 10 else Fraction(0)


def shown(points, coefs):
    """The average in hundredths, half up; one under 10 is never shown as 10."""
    hundredths = points * 100 / coefs
    nearest = (hundredths + Fraction(1, 2)).__floor__()
    return 999 if hundredths < 1000 <= nearest else nearest


def judge(row):
    """(decision, points, coefficients, acquired units); Wrong when the row is."""
    session = int(row["session"])
    if session < 2020:
        raise Wrong("session")
    progressive = row.get("forme") == "progressive"
    marks, absent, dispensed, missing = {}, [], [], []
    for u in COEF:
        text = row.get(u, "").strip().upper()
        if text == "":
            missing.append(u)
        elif text == "D":
            if u in PRO:
                raise Wrong("never dispensed")
            dispensed.append(u)
        elif text in ("AB", "NV"):
            absent.append(u)
        elif text == "FM":
            marks[u] = Fraction(0)
        elif text.startswith("C"):
            marks[u] = kept(text, session, progressive)
        elif "/" in text:
            if u != "U5" or text.count("/") != 1:
                raise Wrong("/")
            written, practical = text.split("/")
            if "AB" in (written, practical) or "NV" in (written, practical):
                absent.append(u)
                continue
            written = Fraction(0) if written == "FM" else number(written)
            practical = Fraction(0) if practical == "FM" else number(practical)
            mean = (written * 2 + practical * 2) / 4
            half = mean * 2
            if half.denominator != 1:  # up to the half point
                half = Fraction(half.numerator // half.denominator + 1)
            marks[u] = half / 2
        else:
            marks[u] = number(text)
    if missing and not progressive:
        raise Wrong("missing")
    if len(missing) == 6:
        raise Wrong("nothing")
    bonus = option(row.get("UF1", ""), session, progressive)
    bonus += option(row.get("EF2", ""), session, progressive)
    orals = {}
    for u in GENERAL:
        text = row.get("R" + u[1], "").strip()
        if text:
            orals[u] = number(text)
    if orals and session < 2022:
        raise Wrong("no second chance")
    if len(orals) > 2:
        raise Wrong("three orals")
    if any(u in dispensed for u in orals):
        raise Wrong("dispensed oral")

    coefs = sum(COEF[u] for u in COEF if u not in dispensed and u not in missing)

    def acquired():
        return [u for u in COEF if u in marks and marks[u] >= 10]

    if absent:
        return "non_delivrable", None, coefs, acquired()
    points = sum((marks[u] * COEF[u] for u in marks), Fraction(0)) + bonus
    if missing:
        return "ajourne", points, coefs, acquired()
    if points / coefs >= 10:
        return "admis", points, coefs, acquired()
    pro = sum(marks[u] * COEF[u] for u in PRO) / sum(COEF[u] for u in PRO)
    general = [u for u in GENERAL if u not in dispensed]
    if session < 2022 or points / coefs < 8 or pro < 10 or not general:
        return "ajourne", points, coefs, acquired()
    if not orals:
        return "controle", points, coefs, acquired()
    for u, mark in orals.items():
        marks[u] = max(marks[u], mark)
    points = sum((marks[u] * COEF[u] for u in marks), Fraction(0)) + bonus
    final = "admis_apres_controle" if points / coefs >= 10 else "refuse"
    return final, points, coefs, acquired()
