from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from documents.kinds import DocumentKind, register
        from programmes.indicators import provide

        from . import samples
        from .ccf import jury_file  # noqa: F401  # registers its job
        from .exam import samples as exam_samples
        from .exam.selectors import success_rates

        provide(success_rates)

        for code, label, template, sample in (
            ("fiche_ccf", "Fiche d'évaluation de CCF", "ccf", samples.ccf),
            ("convocation_ccf", "Convocation au CCF", "convocation", samples.convocation),
            ("fiche_sujet", "Fiche-sujet (candidat)", "fiche_sujet", samples.fiche_sujet),
            ("fiche_sujet_jury", "Fiche-sujet (jury)", "fiche_sujet", samples.fiche_sujet_jury),
            ("bulletin", "Bulletin de semestre", "bulletin", samples.bulletin),
            ("livret_scolaire", "Livret scolaire", "livret_scolaire", samples.livret_scolaire),
            (
                "attestation_unites",
                "Attestation d'unités acquises",
                "attestation_unites",
                exam_samples.attestation,
            ),
        ):
            register(
                DocumentKind(
                    code=code,
                    label=label,
                    template=f"evaluations/pdf/{template}.html",
                    css=f"evaluations/pdf/{template}.css",
                    sample=sample,
                )
            )
