"""What the person reads when a document cannot be made."""

from accounts.errors import DomainError


class UnknownKind(DomainError):
    def __init__(self, code: str):
        super().__init__(
            f"Le modèle de document « {code} » n'existe pas dans cette installation : prévenez l'administrateur."
        )
