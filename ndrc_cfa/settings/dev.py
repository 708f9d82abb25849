"""Embedded services, for the demo and for developers on this machine."""

from .base import *  # noqa: F403
from .base import env
from .embedded import *  # noqa: F403

DEMO = True
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = "embedded-demo-key-never-used-in-production"  # the demo listens on this machine only
NIR_KEYS = ["ZW1iZWRkZWQtZGVtby1rZXktbmV2ZXItaW4tcHJvZCE="]  # the demo has invented people only
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
PUBLIC_URL = env("PUBLIC_URL", default="http://localhost:8000")

# Errors of the pages and of the worker are told where the demo was started.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
