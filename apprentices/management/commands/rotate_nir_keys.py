"""`manage.py rotate_nir_keys`: encrypt every NIR again with the first key of NDRC_NIR_KEYS."""

from django.core.management.base import BaseCommand
from django.db import transaction

from apprentices.encryption import renew
from apprentices.models import Apprentice


class Command(BaseCommand):
    help = "Chiffre à nouveau tous les NIR avec la première clé de NDRC_NIR_KEYS."

    def handle(self, *args, **options):
        count = 0
        with transaction.atomic():
            found = Apprentice.objects.select_for_update(of=("self",)).exclude(nir_encrypted="")
            for apprentice in found.only("pk", "nir_encrypted").iterator():
                apprentice.nir_encrypted = renew(apprentice.nir_encrypted)
                apprentice.save(update_fields=["nir_encrypted"])
                count += 1
        self.stdout.write(f"{count} NIR chiffrés avec la première clé.")
