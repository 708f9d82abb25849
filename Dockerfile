# One image for web, worker and beat; compose.yaml says which command each runs.
FROM python:3.11-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /srv/cfa --uid 10001 cfa \
    && install -d -o cfa -g cfa -m 700 /srv/media /srv/seal

WORKDIR /srv/cfa
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    DJANGO_SETTINGS_MODULE=ndrc_cfa.settings.prod MEDIA_DIR=/srv/media NDRC_SEAL_DIR=/srv/seal/current

COPY requirements.txt ./
RUN pip install --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
# The static files need no secret: they are collected with the settings of the demo's machine.
RUN python -m compileall -q . \
    && NDRC_DATA_DIR=/tmp/build DJANGO_SETTINGS_MODULE=ndrc_cfa.settings.collect \
        python manage.py collectstatic --noinput --verbosity 0

USER cfa
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "tools.healthcheck"]
CMD ["gunicorn", "ndrc_cfa.wsgi:application", "--preload", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "5", "--threads", "4", "--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket"]
