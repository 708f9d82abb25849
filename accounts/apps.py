from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes et CFA"

    def ready(self) -> None:
        autodiscover_modules("verbs")  # each app says its deeds in French
        autodiscover_modules("personal_data")  # and what it holds about a person
