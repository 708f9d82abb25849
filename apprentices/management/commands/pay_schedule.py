"""`manage.py pay_schedule FILE.csv [--format json]`: the minimum pay of a list of contracts."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apprentices.pay.listing import (
    ListingError,
    Result,
    as_json,
    french,
    number,
    read_text,
    schedules_of,
)


class Command(BaseCommand):
    help = (
        "Calcule la rémunération minimale de chaque contrat d'un fichier CSV. Colonnes : contrat, "
        "type (apprentissage ou professionnalisation), naissance, debut, fin (JJ/MM/AAAA), "
        "cycle_mois, et au besoin smc, taux_plancher, majoration_15, rqth, bac_professionnel, "
        "mayotte (oui ou non). Une ligne fausse est signalée avec son numéro, les autres sont "
        "calculées."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FICHIER.csv")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--strict", action="store_true", help="code de sortie 1 si une ligne est fausse"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = list(schedules_of(read_text(Path(options["file"]).read_bytes())))
        except OSError as error:
            raise CommandError(
                f"Impossible de lire {options['file']} : {error.strerror}."
            ) from error
        except ListingError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            rows = [as_json(result) for result in results]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for result in results:
                self._write(result)
        wrong = [result for result in results if result.schedule is None]
        for result in wrong:
            self.stderr.write(f"ligne {result.line} : {result.error}")
        if wrong and options["strict"]:
            raise CommandError(f"{len(wrong)} ligne(s) fausse(s) sur {len(results)}.")

    def _write(self, result: Result) -> None:
        if result.schedule is None:
            self.stdout.write(
                f"{result.contract or '?'} : ligne {result.line}, non calculé ({result.error})"
            )
            return
        self.stdout.write(result.contract)
        for segment in result.schedule.segments:
            euros = "SMIC inconnu" if segment.monthly is None else f"{segment.monthly} €"
            self.stdout.write(
                f"  {french(segment.starts_on)} - {french(segment.ends_on)}  "
                f"année {segment.year}  {number(segment.rate)} % {segment.base.upper()}  {euros}"
            )
        for remark in result.schedule.remarks:
            self.stdout.write(f"  {remark}")
