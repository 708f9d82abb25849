from accounts.http import Request
from accounts.models import User


def person(request: Request) -> User:
    """Who is signed in; the middleware and the decorators let nobody else in."""
    return request.user
