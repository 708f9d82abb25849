from django.apps import AppConfig


class ApprenticesConfig(AppConfig):
    name = "apprentices"
    verbose_name = "Apprentis et contrats"

    def ready(self):
        from documents.kinds import JobKind, register_job

        from . import signals  # noqa: F401  # connects the receivers
        from .imports.running import note_import_error, run_import_item

        register_job(
            JobKind("apprentices.import", "Import d'un tableau", run_import_item, note_import_error)
        )
