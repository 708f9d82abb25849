import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ndrc_cfa.settings.prod")
application = get_wsgi_application()
# The addresses and their views now, shared by the processes forked after, not at somebody's first click.
get_resolver().url_patterns  # noqa: B018  # read for what it does: it imports them all
