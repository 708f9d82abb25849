from django.apps import AppConfig


class ApprenticesConfig(AppConfig):
    name = "apprentices"
    verbose_name = "Apprentis et contrats"

    def ready(self):
        from documents.kinds import DocumentKind, JobKind, register, register_job

        from . import (
            certificates,
            contract_pdf,
            personal_jobs,  # noqa: F401  # registers its job kind
            rupture_pdf,
            signals,  # noqa: F401  # connects the receivers
        )
        from .actions.invitations import JOB, run_invite_item
        from .enums import CertificateKind
        from .imports.running import note_import_error, run_import_item

        register_job(
            JobKind("apprentices.import", "Import d'un tableau", run_import_item, note_import_error)
        )
        register_job(JobKind(JOB, "Invitations des apprentis", run_invite_item))
        samples = {
            CertificateKind.ENROLMENT: certificates.sample_certificate,
            CertificateKind.CARD: certificates.sample_card,
            CertificateKind.CALENDAR: certificates.sample_calendar,
        }
        for kind, sample in samples.items():
            name = f"apprentices/pdf/{kind.value}"
            register(DocumentKind(kind.value, kind.label, f"{name}.html", f"{name}.css", sample))
        papers = (
            (contract_pdf.CONVENTION, "Convention de formation", contract_pdf.sample),
            (contract_pdf.TRIPARTITE, "Convention tripartite", contract_pdf.sample),
            (contract_pdf.SHEET, "Données du contrat (CERFA)", contract_pdf.sample),
            (contract_pdf.AMENDMENT, "Avenant au contrat", contract_pdf.sample_amendment),
            (rupture_pdf.ACT, "Rupture du contrat", rupture_pdf.sample_rupture),
            (rupture_pdf.NOTICE, "Information de l'OPCO", rupture_pdf.sample_rupture),
        )
        for code, label, example in papers:
            path = f"apprentices/pdf/{code}.html"
            register(DocumentKind(code, label, path, "apprentices/pdf/contrat.css", example))
