"""Build the demo through the actions; see ndrc_cfa/demo."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import DomainError
from ndrc_cfa.demo.build import build_demo


class Command(BaseCommand):
    help = "Construit la démonstration (ou des volumes pour les mesures) ; ne fait rien si elle existe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cohorts", type=int, default=1, help="nombre de promotions")
        parser.add_argument("--apprentices", type=int, default=15, help="nombre total d'apprentis")
        parser.add_argument(
            "--sans-documents",
            action="store_true",
            help="ne demande aucun PDF (aucun exécutant n'est nécessaire)",
        )

        parser.add_argument(
            "--demi-journees", type=int, help="les dernières seulement sont émargées, pas toutes"
        )

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Cette installation est réelle : la démonstration y ouvrirait des comptes dont le mot de "
                "passe est public. Lancez-la avec ./run demo."
            )
        cohorts, apprentices = options["cohorts"], options["apprentices"]
        if cohorts < 1 or apprentices < cohorts:
            raise CommandError("Il faut au moins une promotion et un apprenti par promotion.")
        if apprentices > cohorts * 20:
            raise CommandError(
                "Une promotion compte 20 apprentis au plus : demandez plus de promotions."
            )
        try:
            for line in build_demo(
                cohorts=cohorts,
                apprentices=apprentices,
                documents=not options["sans_documents"],
                half_days=options["demi_journees"],
            ):
                if options["verbosity"]:
                    self.stdout.write(line)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
