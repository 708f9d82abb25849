"""How allauth behaves here: accounts are born from invitations, never from an open sign-up form."""

from allauth.account.adapter import DefaultAccountAdapter

from .http import Request


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Request) -> bool:
        return False
