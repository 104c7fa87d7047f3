# The page in a container: a plain user, a read-only file system, nothing kept.
#
#   docker build --tag esgscan .
#   docker run --rm --read-only --tmpfs /tmp:rw,noexec,nosuid,nodev --cap-drop=ALL --security-opt=no-new-privileges \
#     --publish 127.0.0.1:8321:8321 --volume "$PWD/token.txt:/run/token:ro" esgscan
#
# token.txt holds one line of at least 16 characters; the page asks a browser for it as a password.

FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY esgscan ./esgscan
RUN python -m venv /opt/esgscan \
 && /opt/esgscan/bin/pip install --no-cache-dir '.[web]' \
 && /opt/esgscan/bin/python -m compileall -q /opt/esgscan

FROM python:3.12-slim
COPY --from=build /opt/esgscan /opt/esgscan
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin esgscan
ENV PATH=/opt/esgscan/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp \
    ESGSCAN_HOME=/data
USER 10001:10001
EXPOSE 8321
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8321/health', timeout=4)"]
ENTRYPOINT ["esgscan", "serve", "--host", "0.0.0.0", "--token", "/run/token"]
