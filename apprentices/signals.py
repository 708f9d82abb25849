"""A new member finds the profile that was waiting for them, which follows the address of the account.

`accounts` lies below and cannot call this app, hence a signal and not a call.
"""

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Membership

from .actions import follow_address, link_account


@receiver(post_save, sender=Membership)
def link_profiles(sender, instance: Membership, created: bool, raw: bool = False, **kwargs):
    """Link the apprentice's or the maître's profile of the same address, once, at creation."""
    if created and not raw and instance.is_active:
        link_account(cfa=instance.cfa, user=instance.user, role=instance.role)


@receiver(post_save, sender=EmailAddress)
def follow_confirmed_address(sender, instance: EmailAddress, raw: bool = False, **kwargs):
    """Confirmed by the person, or changed by the administration: the files take it too."""
    if instance.primary and instance.verified and not raw:
        follow_address(user=instance.user, email=instance.email)
