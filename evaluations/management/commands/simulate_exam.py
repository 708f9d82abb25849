import csv
import json
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import DomainError
from evaluations.exam import batch
from evaluations.exam.reglements import finder
from evaluations.exam.shipped import RNCP


class Command(BaseCommand):
    help = (
        "Simule la décision du jury pour chaque candidat d'un fichier CSV (docs/rules/examen.md). "
        "Une ligne fausse est signalée avec son numéro, les autres sont calculées."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER.csv", help="« - » lit l'entrée standard")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")
        parser.add_argument("--rncp", default=RNCP, help="certification (par défaut %(default)s)")
        parser.add_argument(
            "--strict", action="store_true", help="termine par 1 dès qu'une ligne est fausse"
        )

    def handle(self, *args, **options) -> None:
        raw, text = self._read(options["file"]), ""
        try:
            text = batch.decode(raw)
            lines, unknown = batch.judge_file(text, finder(options["rncp"]))
        except DomainError as error:
            raise CommandError(error.message) from error
        if unknown:
            self.stderr.write(f"Colonnes ignorées : {', '.join(unknown)}.")
        if not lines:
            self.stderr.write("Aucun candidat : il n'y a rien sous la ligne d'en-têtes.")
        wrong = [line for line in lines if line.error]
        for line in wrong:
            self.stderr.write(f"Ligne {line.number} : {line.error}")
        rows = [line.as_dict() for line in lines]
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self._write_csv([row for row in rows if "erreur" not in row], batch.delimiter_of(text))
        if wrong and options["strict"]:
            sys.exit(1)

    def _read(self, name: str) -> bytes:
        try:
            return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"{name} : ce fichier n'existe pas ou ne se lit pas.") from error

    def _write_csv(self, rows: list[dict], delimiter: str) -> None:
        writer = csv.writer(self.stdout, delimiter=delimiter, lineterminator="\n")
        writer.writerow(batch.OUT)
        for row in rows:
            cells = {
                **row,
                "moyenne": None if row["moyenne"] is None else f"{row['moyenne']:.2f}",
                "unites_acquises": " ".join(row["unites_acquises"]),
                "etapes": " | ".join(row["etapes"]),
            }
            writer.writerow(["" if cells[name] is None else cells[name] for name in batch.OUT])
