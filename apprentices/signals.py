"""A new member finds the profile that was waiting for them.

`accounts` lies below and cannot call this app, hence a signal and not a call.
"""

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Membership

from .actions import link_account


@receiver(post_save, sender=Membership)
def link_profiles(sender, instance: Membership, created: bool, raw: bool = False, **kwargs):
    """Link the apprentice's or the maître's profile of the same address, once, at creation."""
    if created and not raw and instance.is_active:
        link_account(cfa=instance.cfa, user=instance.user, role=instance.role)
