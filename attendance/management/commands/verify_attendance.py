"""`manage.py verify_attendance`: recompute the chains of proofs; exit status 1 at the first break."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Cfa
from attendance.proofs.verify import verify


class Command(BaseCommand):
    help = "Recalcule la chaîne de preuve de l'émargement et nomme le premier événement rompu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cfa", help="nom court d'un seul CFA (tous sinon)")

    def handle(self, *args: Any, **options: Any) -> None:
        centres = Cfa.objects.order_by("pk")
        if options["cfa"]:
            centres = centres.filter(slug=options["cfa"])
            if not centres:
                raise CommandError(f"Aucun CFA ne porte le nom court « {options['cfa']} ».")
        broken = 0
        for cfa in centres:
            begun = time.perf_counter()
            report = verify(cfa)
            seconds = time.perf_counter() - begun
            self.stdout.write(
                f"{cfa} : {report.events} événements, {report.signatures} signatures, "
                f"{report.sheets} feuilles, {seconds:.1f} s"
            )
            for problem in report.problems:
                event = f"événement n° {problem['event']} : " if problem["event"] else ""
                sheet = f" [feuille {problem['sheet']}]" if problem["sheet"] else ""
                self.stdout.write(f"  {event}{problem['message']}{sheet}")
            if report.problem_count > len(report.problems):
                self.stdout.write(f"  … et {report.problem_count - len(report.problems)} autres")
            broken += report.problem_count
        if broken:
            raise CommandError(f"La chaîne de preuve est rompue : {broken} anomalie(s).")
        self.stdout.write("La chaîne de preuve est entière.")
