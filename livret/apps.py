from django.apps import AppConfig


class LivretConfig(AppConfig):
    name = "livret"
    verbose_name = "Livret d'apprentissage"

    def ready(self) -> None:
        from documents.kinds import DocumentKind, register

        for code, label in (
            ("attestation", "Attestation de fin de formation"),
            ("livret", "Livret d'apprentissage"),
        ):
            register(DocumentKind(code, label, f"livret/pdf/{code}.html", f"livret/pdf/{code}.css"))
