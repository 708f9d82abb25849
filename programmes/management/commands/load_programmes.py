from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from programmes.actions import NEW, LoadRefused, load_programmes
from programmes.loader import read_bundle


class Command(BaseCommand):
    help = (
        "Charge les référentiels et les programmes des CFA depuis leurs fichiers TOML "
        "(par défaut programmes/data/, sans les données de démonstration). Tout ou rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH", help="fichiers ou dossiers à charger"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="montre les différences sans rien écrire"
        )

        parser.add_argument(
            "--create-cfas", action="store_true", help="crée les CFA qui n'existent pas encore"
        )

    def handle(self, *args, paths: list[Path], dry_run: bool, create_cfas: bool, **options) -> None:
        try:
            outcomes = load_programmes(
                bundle=read_bundle([Path(path) for path in paths]),
                dry_run=dry_run,
                create_cfas=create_cfas,
            )
        except LoadRefused as error:
            raise CommandError(error.message) from error
        if options["verbosity"] == 0:
            return
        for outcome in outcomes:
            self.stdout.write(f"{outcome.label} : {outcome.kind}")
            if outcome.kind == NEW:
                self.stdout.write(f"  {len(outcome.changes)} valeurs")
                continue
            for change in outcome.changes:
                self.stdout.write(f"  {change}")
        if dry_run:
            self.stdout.write("Essai : rien n'a été écrit.")
