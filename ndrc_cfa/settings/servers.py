"""PostgreSQL and Redis from their addresses, the same way for production and for the tests."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ


def postgresql(url: str) -> dict[str, Any]:
    """Django's options for a postgres:// address; a socket folder is given as ?host=/folder."""
    database = environ.Env.db_url_config(url)
    options = database.setdefault("OPTIONS", {})
    if host := options.pop("host", None):
        database["HOST"] = host
    database.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    return database


def redis_broker(url: str) -> str:
    """Celery's name of a Redis address: a socket is unix:///path for redis-py, not for kombu."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


# A task whose worker was killed comes back at the next sweep after `visibility_timeout`, which must
# stay longer than the longest task and the longest delay asked for (docs/decisions/0001-stack.md).
REDIS_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "health_check_interval": 25,
}
