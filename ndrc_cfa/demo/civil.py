"""Civil status and schooling of the demo's apprentices: what the CERFA and SIFA ask, invented."""

# First names of the cast; the others are boys' names here.
GIRLS = {"Aïcha", "Maëlys", "Clara", "Lina", "Jade", "Louise", "Zoé", "Emma", "Inaya", "Sara"}
STREETS = (
    "rue des Lilas",
    "avenue de la Gare",
    "allée des Peupliers",
    "rue Jean-Moulin",
    "quai des Péniches",
)
BORN_IN = ("78498", "95127", "78172")  # Poissy, Cergy, Conflans-Sainte-Honorine (codes of INSEE)
# Before the contract: situation, last class, diploma prepared and obtained (CERFA), year before and where (SIFA).
SCHOOLING = (
    ("3", "12", "54", "42", "4001", "078"),  # one year of another BTS, after a general baccalauréat
    ("3", "12", "54", "43", "4001", "095"),  # the same, after a technological one
    ("10", "01", "41", "41", "5903", "995"),  # in work after a professional baccalauréat
)


def civil_status(first_name: str, number: int) -> dict[str, str]:
    before, last_class, prepared, obtained, last_year, school = SCHOOLING[number % len(SCHOOLING)]
    return {
        "sex": "F" if first_name in GIRLS else "M",
        "address": f"{3 + 4 * number} {STREETS[number % len(STREETS)]}",
        "birth_insee": BORN_IN[number % len(BORN_IN)],
        "situation_before": before,
        "last_class": last_class,
        "last_diploma": prepared,
        "highest_diploma": obtained,
        "situation_n1": last_year,
        "school_n1": school,
    }
