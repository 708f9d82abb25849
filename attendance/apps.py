from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = "Émargement"

    def ready(self) -> None:
        from apprentices.course import register_course
        from documents.kinds import DocumentKind, register

        from . import evening, samples, samples_papers, watch  # noqa: F401  # the tasks that beat calls
        from .course_source import course
        from .pdf import PAPER_KIND, SHEET_KIND
        from .proofs import kinds  # noqa: F401  # registers its job kind

        register_course(course)
        register(
            DocumentKind(
                code=SHEET_KIND,
                label="Feuille d'émargement",
                template="attendance/pdf/sheet.html",
                css="attendance/pdf/sheet.css",
                sample=samples.sheet,
            )
        )
        register(
            DocumentKind(
                code=PAPER_KIND,
                label="Feuille papier à signer",
                template="attendance/pdf/paper.html",
                css="attendance/pdf/paper.css",
                sample=samples.paper,
            )
        )
        from .enums import PaperKind
        from .papers import TEMPLATES

        for kind, name in TEMPLATES.items():
            register(
                DocumentKind(
                    code=kind.value,
                    label=PaperKind(kind).label,
                    template=f"attendance/pdf/{name}.html",
                    css=f"attendance/pdf/{name}.css",
                    sample=samples_papers.SAMPLES[kind],
                )
            )
