"""Which doors a centre leaves open, and the key of the codes that change with the clock."""

import hashlib
import hmac

from django.conf import settings

from accounts.models import Cfa

from .models import DoorSettings

# What `select_related` of a sheet adds, so that its centre comes with its settings.
OF_SHEET = "session__cohort__cfa__attendance_doors"


def doors_of(cfa: Cfa) -> DoorSettings:
    """The centre's settings; without a row, every door is open."""
    loaded = DoorSettings._meta.get_field("cfa").remote_field.cache_name
    if loaded in cfa._state.fields_cache:  # it came with the sheet
        return cfa._state.fields_cache[loaded] or DoorSettings(cfa=cfa)
    return DoorSettings.objects.filter(cfa=cfa).first() or DoorSettings(cfa=cfa)


def code_key() -> bytes:
    """Made from the secret key: codes live for seconds, so changing it harms nobody."""
    return hmac.new(settings.SECRET_KEY.encode(), b"attendance codes", hashlib.sha256).digest()
