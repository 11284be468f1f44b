# One image for web, worker and beat; the command decides (docker-compose.yml).
FROM python:3.11-slim-bookworm AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.9.7
WORKDIR /srv/portal
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project

FROM python:3.11-slim-bookworm
# libharfbuzz-subset0 keeps PDF fonts fast; BIZ UDPGothic is the face of every paper; the client is what bin/backup calls.
# Debian's security updates matter more here than the exact version.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-morisawa-bizud-gothic \
        postgresql-client poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/portal --create-home --shell /usr/sbin/nologin portal
ENV PATH=/srv/portal/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PORTAL_HOME=/var/lib/portal \
    STATIC_ROOT=/srv/portal/collected \
    GRANIAN_PORT=8000
WORKDIR /srv/portal
COPY --from=build /srv/portal/.venv .venv
COPY . .
RUN PORTAL_ENV=demo python manage.py collectstatic --noinput --verbosity 0
USER 10001
VOLUME ["/var/lib/portal"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s \
    CMD ["sh", "-c", "exec python bin/lib/answers.py http://localhost:$GRANIAN_PORT/healthz"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--workers", "2", "--blocking-threads", "4", "--no-ws", "careplan_portal.wsgi:application"]
