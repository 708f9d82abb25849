"""What the history says, in French, of each deed of this app."""

from accounts.history import name_verbs

name_verbs(
    {
        "document_requested": "Document demandé",
        "documents_requested": "Documents demandés",
        "document_frozen": "Contenu du document figé",
        "document_issued": "Document émis",
        "document_replaced": "Document remplacé",
        "document_retried": "Document relancé",
        "job_requested": "Tâche demandée",
        "forget_archive": "Fichier préparé effacé à la fin de son délai",
        "job_cancelled": "Tâche annulée",
        "job_retried": "Tâche relancée",
    }
)
