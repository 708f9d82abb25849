from django.apps import AppConfig


class ApprenticesConfig(AppConfig):
    name = "apprentices"
    verbose_name = "Apprentis et contrats"

    def ready(self):
        from . import signals  # noqa: F401  # connects the receivers
