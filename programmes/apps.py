from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from documents.kinds import DocumentKind, register

        from . import samples

        register(
            DocumentKind(
                "programme",
                "Programme de formation",
                "programmes/pdf/programme.html",
                "programmes/pdf/programme.css",
                samples.programme,
            )
        )
