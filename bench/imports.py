"""Seconds to check and to import spreadsheets of 1,000 rows, and to refuse one of 50,000."""

import argparse
import json
import time
from datetime import date
from io import BytesIO

import django

django.setup()

from django.core.management import call_command
from openpyxl import Workbook
from stdnum import luhn

from accounts.enums import Role
from accounts.errors import DomainError
from accounts.models import Cfa, Membership, User
from apprentices import actions
from apprentices.imports.reading import read_table
from apprentices.imports.running import run
from apprentices.tests.recipes import a_programme

GOAL = 10.0
LETTERS = "abcdefghij"


def name_of(number: int) -> str:
    return "N" + "".join(LETTERS[int(digit)] for digit in f"{number:05d}")


def siret_of(number: int) -> str:
    siren = f"{number:08d}"
    siren += luhn.calc_check_digit(siren)
    nic = f"{siren}0001"
    return nic + luhn.calc_check_digit(nic)


def xlsx(rows: list[list]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def tables(count: int, cohort: str) -> list[tuple[str, bytes]]:
    people: list[list[object]] = [
        ["Nom", "Prénom", "Naissance", "Sexe", "Code postal", "Ville", "E-mail", "Promotion"]
    ]
    firms: list[list[object]] = [
        ["Dénomination", "SIRET", "NAF", "Code postal", "Nom maître", "Prénom maître"]
    ]
    contracts: list[list[object]] = [["Nom", "Prénom", "Naissance", "Promotion", "SIRET", "Nom maître", "Prénom maître",
                  "Conclusion", "Début", "Fin", "Heures", "Dérogation",
                  "Convention tripartite", "Compétence du maître", "Attestation maître"]]  # fmt: skip
    for n in range(count):
        born = date(2005, 3, 15)
        people.append([name_of(n), "Camille", born, "F", "78700", "Conflans-Sainte-Honorine",
                       f"p{n}@exemple.fr", cohort])  # fmt: skip
        firms.append([f"Entreprise {n}", siret_of(n), "4719B", "78700", name_of(n), "Alex"])
        contracts.append([name_of(n), "Camille", born, cohort, siret_of(n), name_of(n), "Alex",
                          date(2026, 1, 5), date(2026, 1, 5), date(2027, 6, 30), 1015, "21",
                          date(2026, 1, 5), "experience", "oui"])  # fmt: skip
    return [
        ("apprentis", xlsx(people)),
        ("entreprises", xlsx(firms)),
        ("contrats", xlsx(contracts)),
    ]


class Clock:
    """Seconds on the wall, and of processor: the ones to compare on a machine that does other work."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def told(self) -> dict[str, float]:
        return {
            "seconds": round(time.perf_counter() - self.wall, 2),
            "cpu_seconds": round(time.process_time() - self.cpu, 2),
        }


def told(name: str, clock: Clock, goal: float, **facts: object) -> None:
    line = {"bench": "import", "name": name, **clock.told(), "goal": goal, **facts}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1000)
    count = parser.parse_args().rows
    call_command("migrate", verbosity=0)
    cfa = Cfa.objects.create(name="CFA de mesure", slug="mesure")
    user = User.objects.create_user("mesure@example.org", first_name="Mesure", last_name="Mesure")
    Membership.objects.create(cfa=cfa, user=user, role=Role.STAFF)
    programme = a_programme(cfa, group_max=32000)
    cohort = actions.create_cohort(
        cfa=cfa, programme=programme, name="NDRC", starts_on=programme.starts_on,
        ends_on=programme.ends_on, capacity=32000, trainers=[], by=user,
    )  # fmt: skip
    for kind, content in tables(count, cohort.name):
        batch = actions.receive_import(
            cfa=cfa, kind=kind, content=content, name=f"{kind}.xlsx", by=user
        )
        batch = actions.check_import(batch=batch, mapping=batch.mapping, by=user)
        clock = Clock()
        batch = run(batch, write=False)
        told(f"vérifier {count} {kind}", clock, GOAL, state=batch.state,
             problems=batch.problems[:2])  # fmt: skip
        batch = actions.write_import(batch=batch, by=user)
        clock = Clock()
        batch = run(batch, write=True)
        told(f"importer {count} {kind}", clock, GOAL, state=batch.state)
    big = xlsx([["Nom", "Prénom", "Naissance"]] + [["Benali", "Aïcha", "20/11/2005"]] * 50_000)
    clock = Clock()
    try:
        read_table(big, "grand.xlsx")
    except DomainError as error:
        told("refuser 50 000 lignes", clock, 2.0, message=error.message)


if __name__ == "__main__":
    main()
