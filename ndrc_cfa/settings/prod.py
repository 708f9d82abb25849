"""Production: PostgreSQL, Redis, TLS in front; everything private comes from the environment.

The variables are described in docs/deploiement.md. A missing or unsafe one stops the start.
"""

from pathlib import Path

import environ

from . import required
from .base import *  # noqa: F403
from .base import BASE_DIR, MIDDLEWARE, STORAGES
from .servers import REDIS_TRANSPORT_OPTIONS, postgresql, redis_broker
from .storages import COLLECTED_STATIC_FILES

environment = required.Environment()
SECRET_KEY = environment.text("SECRET_KEY", required.secret_key)
NIR_KEYS = environment.names("NDRC_NIR_KEYS", required.fernet_key)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", required.host_name)
database_url = environment.text("DATABASE_URL", required.postgresql_address)
redis_url = environment.text("REDIS_URL", required.address("Redis", "redis", "rediss", "unix"))
email_url = environment.text(
    "EMAIL_URL",
    required.address("de serveur d'e-mail", "smtp", "smtps", "smtp+tls", "smtp+ssl"),
)
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", required.sender)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MEDIA_ROOT = Path(environment.text("MEDIA_DIR", required.writable_folder))
SEAL_DIR = Path(environment.text("NDRC_SEAL_DIR", required.seal_folder))
STATIC_ROOT = Path(
    environment.text("STATIC_DIR", required.full_path, default=str(BASE_DIR / "staticfiles"))
)
# Where the proxy maps MEDIA_ROOT as an internal location; empty: Django sends the bytes itself.
X_ACCEL_PREFIX = environment.text("X_ACCEL_PREFIX", required.accel_prefix, default="")
PUBLIC_URL = environment.text("PUBLIC_URL", required.public_address(ALLOWED_HOSTS))
environment.finish()

DEBUG = False
DATABASES = {"default": postgresql(database_url)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
}
CELERY_BROKER_URL = redis_broker(redis_url)
CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT_OPTIONS
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
vars().update(environ.Env.email_url_config(email_url))
EMAIL_TIMEOUT = 20

# --- files -------------------------------------------------------------------------------------
STORAGES = {**STORAGES, "staticfiles": COLLECTED_STATIC_FILES}

# --- TLS ---------------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set it itself
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

MIDDLEWARE = [
    "ndrc_cfa.logs.RequestIdMiddleware",
    "ndrc_cfa.proxy.ClientAddressMiddleware",
    *MIDDLEWARE,
]

# --- logs --------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ndrc_cfa.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
