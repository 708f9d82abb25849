"""The errors that a person can understand and mend."""

from django.core.exceptions import PermissionDenied


class DomainError(Exception):
    """A deed that the rules refuse; its message is French and says what to do next.

    Views show it beside the form (or as a message), the admin shows it, commands print it.
    `field` names the form field to which it belongs, if any.
    """

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.message = message
        self.field = field

    @property
    def refusals(self) -> tuple[tuple[str, str], ...]:
        """Each thing that is wrong, as (field, message): one, unless the error gathers several."""
        return ((self.field, self.message),)


class NotAllowed(PermissionDenied):
    """The person's role may not do this deed here and now: the 403 page says the message.

    It is no DomainError: nothing in the form would mend it, so no view has to tell them apart.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
