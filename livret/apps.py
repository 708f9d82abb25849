from django.apps import AppConfig


class LivretConfig(AppConfig):
    name = "livret"
    verbose_name = "Livret d'apprentissage"

    def ready(self) -> None:
        from documents.kinds import DocumentKind, register

        from . import samples
        from .pdf import building

        register(
            DocumentKind(
                "attestation",
                "Attestation de fin de formation",
                "livret/pdf/attestation.html",
                "livret/pdf/attestation.css",
                samples.attestation,
                building.build_attestation,
            )
        )
        register(
            DocumentKind(
                "livret",
                "Livret d'apprentissage",
                "livret/pdf/livret.html",
                "livret/pdf/livret.css",
                samples.livret,
                building.build_livret,
            )
        )
        register(
            DocumentKind(
                "livret_periode",
                "Période du livret d'apprentissage",
                "livret/pdf/livret_periode.html",
                "livret/pdf/livret.css",
                samples.period,
                building.build_period,
            )
        )
        register(
            DocumentKind(
                "livret_bilan",
                "Visite ou bilan du livret d'apprentissage",
                "livret/pdf/livret_bilan.html",
                "livret/pdf/livret.css",
                samples.review,
            )
        )
        register(
            DocumentKind(
                "fiche_activite",
                "Fiche descriptive d'activité (E4, E6)",
                "livret/pdf/fiche.html",
                "livret/pdf/livret.css",
                samples.fiche,
            )
        )
