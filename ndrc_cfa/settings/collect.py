"""Only to collect the static files while an image is built: no secret, no server."""

from .base import *  # noqa: F403
from .base import STORAGES
from .storages import COLLECTED_STATIC_FILES

SECRET_KEY = "collectstatic-signs-nothing"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {**STORAGES, "staticfiles": COLLECTED_STATIC_FILES}
