"""The documents and the jobs (RGPD): the archive itself gathers the documents, from every app."""

from accounts.personal import declare

declare(
    apart={
        "documents.Document": "ceux de la personne sont dans documents.json, réunis par l'archive",
    }
)
