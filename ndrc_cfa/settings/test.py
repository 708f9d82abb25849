"""The tests: embedded services unless DATABASE_URL and REDIS_URL name real ones."""

from .base import *  # noqa: F403
from .base import env
from .embedded import *  # noqa: F403
from .embedded import DATABASES

SECRET_KEY = "tests-only"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

if env("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
if env("REDIS_URL", default=""):
    CELERY_BROKER_URL = env("REDIS_URL")
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
