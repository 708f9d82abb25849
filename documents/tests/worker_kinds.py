"""Kinds that the tests' worker knows too (settings.test.CELERY_IMPORTS)."""

from documents.kinds import DocumentKind, register

# The common page alone: a true document that needs no other template.
PAGE = register(
    DocumentKind("tests.page", "Page d'essai", template="layout/pdf.html", css="layout/pdf.css")
)
