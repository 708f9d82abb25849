from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from documents.kinds import DocumentKind, register

        from . import samples

        register(
            DocumentKind(
                code="fiche_ccf",
                label="Fiche d'évaluation de CCF",
                template="evaluations/pdf/ccf.html",
                css="evaluations/pdf/ccf.css",
                sample=samples.ccf,
            )
        )
