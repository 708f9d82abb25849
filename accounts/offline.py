"""Pages that a person's own device may keep, to open them again without network (static/js/kept-pages-sw.js)."""

from django.http import HttpResponse

from .models import User

HEADER = "X-Garder-Pour"


def keep_on_device(response: HttpResponse, user: User) -> HttpResponse:
    """Let the device of this person keep the page; it forgets it when somebody else signs in, or signs out.

    For pages that hold nothing of another person: those of an apprentice on a phone.
    """
    if response.status_code == 200:
        response[HEADER] = str(user.pk)
    return response
