"""All settings, each read from the environment with a type; a bad value stops the start and names the variable.

Secrets may also be given as files: ``NAME_FILE=/run/secrets/name``. Everything has a default that suits one machine;
``docs/settings.md`` lists them.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()


def _data_dir() -> Path:
    """Where the database, uploads, prompts and logs of this installation rest; made when missing."""
    path = Path(env.str("PACELINE_DATA", str(BASE_DIR / "var"))).resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


DATA_DIR = _data_dir()


def _kept_secret(name: str, variable: str) -> str:
    """A secret from the environment, else one made at the first start and kept in the data directory (mode 0600)."""
    given = env.str(variable, "")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured(f"{variable} is too short: give at least 32 characters.")
        return given
    path = DATA_DIR / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        made = secrets.token_urlsafe(48)
        file.write(made)
    return made


DEBUG = env.bool("PACELINE_DEBUG", False)
"""Shows errors with their source in the browser: for development only."""
SECRET_KEY = _kept_secret("secret_key", "PACELINE_SECRET_KEY")
"""Signs sessions and seals trunk passwords and webhook secrets; whoever loses it enters those anew."""
BUS_SECRET = _kept_secret("bus_secret", "PACELINE_BUS_SECRET")
"""Shared by every process; line and media nodes on other hosts need it too."""

HTTP_HOST = env.str("PACELINE_HOST", "127.0.0.1")
"""The address the web server listens on."""
HTTP_PORT = env.int("PACELINE_PORT", 8000)
"""The port the web server listens on."""
ALLOWED_HOSTS = env.list("PACELINE_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
"""Host names under which browsers may reach the pages and sockets."""
CSRF_TRUSTED_ORIGINS = env.list("PACELINE_TRUSTED_ORIGINS", default=[])
"""Origins, with scheme, that forms may come from where a proxy changes host or scheme."""
HTTPS_ONLY = env.bool("PACELINE_HTTPS_ONLY", False)
"""Set it where a proxy ends TLS and sets X-Forwarded-Proto: cookies then travel over https only."""

INSTALLED_APPS = [
    "daphne",
    "accounts",
    "compliance",
    "campaigns",
    "dialer.calls",
    "agents",
    "dialer.engine",
    "reporting",
    "integrations",
    "dialer",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "rest_framework",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.DenyByDefaultMiddleware",
    "accounts.middleware.OrganisationTimeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dialer.urls"
ASGI_APPLICATION = "dialer.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "accounts.context_processors.navigation",
            ],
            "builtins": ["django.templatetags.static"],
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{DATA_DIR / 'paceline.sqlite3'}")
"""SQLite for one machine; ``postgres://USER:PASSWORD@HOST/NAME`` for more."""
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # 16 MB between checkpoints: with SQLite's own 4 MB one decision in a hundred waited for one.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
            "PRAGMA wal_autocheckpoint=4000;"
        ),
    }
    # In a file, not in memory: SQLite's shared memory locks whole tables against the daemon's threads.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    DB_POOL = env.int("PACELINE_DB_POOL", 8)
    """The most connections one process keeps to PostgreSQL."""
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": DB_POOL}}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", f"unix://{DATA_DIR / 'redis.sock'}")
"""A ``unix:`` address is the embedded server, which ``up`` starts; ``redis://HOST:6379/0`` one of your own."""
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # channels-redis blocks for 5 s and redis-py 8 would give up after 5 s: an idle socket must not drop.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "paceline:channels"},
    }
}

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://") if REDIS_URL.startswith("unix:") else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 4 * 3600, "global_keyprefix": "paceline:celery:"}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "deliver-webhooks": {"task": "integrations.tasks.deliver_due", "schedule": 2.0},
    "forget-old-events": {"task": "integrations.tasks.forget_old_events", "schedule": 3600.0},
    "recover-lists": {"task": "compliance.tasks.recover_lists", "schedule": 300.0},
    "check-chains": {"task": "compliance.tasks.check_chains", "schedule": 86400.0},
    "classify-leads": {"task": "campaigns.tasks.classify_leads", "schedule": 3600.0},
    "end-forgotten-sessions": {"task": "agents.tasks.end_forgotten_sessions", "schedule": 300.0},
    "take-over-what-ifs": {"task": "reporting.tasks.take_over_what_ifs", "schedule": 30.0},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"

SESSION_COOKIE_AGE = 14 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, "ws:", "wss:"],
        "media-src": [SELF, "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
IMPORT_MAX_BYTES = env.int("PACELINE_IMPORT_MAX_MB", 512) * 1024 * 1024
"""The largest lead file that is taken."""
LIST_MAX_BYTES = env.int("PACELINE_LIST_MAX_MB", 4096) * 1024 * 1024
"""The largest do-not-call list that is taken by page; larger ones load with `manage.py dnc load`."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["integrations.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["integrations.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}

# --- the calling machinery ---------------------------------------------------------------------------------------

NODE_NAME = env.str("PACELINE_NODE", "")
"""This process's node id; made from host and process where empty."""
AUDIO_ADDRESS = env.str("PACELINE_AUDIO_ADDRESS", "")
"""Where a media node takes audio datagrams: ``udp:HOST:PORT``; empty: a Unix socket in the data directory."""
SIP_BIND = env.str("PACELINE_SIP_BIND", "127.0.0.1")
"""The address line nodes send SIP and RTP from."""
MEDIA_HOSTS = env.list("PACELINE_MEDIA_HOSTS", default=["127.0.0.1"])
"""The addresses a media node offers to browsers (WebRTC host candidates)."""
ICE_SERVERS = env.list("PACELINE_ICE_SERVERS", default=[])
"""STUN and TURN servers that browsers are told of."""
MAX_LINES = env.int("PACELINE_MAX_LINES", 400)
"""The most calls one line node carries at once, whatever its children could."""
CARRIER_PORT = env.int("PACELINE_CARRIER_PORT", 5080)
"""Where the practice carrier listens."""
WEBHOOK_ALLOW_LOOPBACK = env.bool("PACELINE_WEBHOOK_ALLOW_LOOPBACK", False)
"""Lets webhooks go to this machine: for tests and for receivers that run beside Paceline."""
STIR_ALLOW_LOOPBACK = env.bool("PACELINE_STIR_ALLOW_LOOPBACK", False)
"""Lets signing services and certificates of callers be reached on this machine, over https: for tests."""
GATE_OFFSET_S = env.float("PACELINE_GATE_OFFSET_S", 0.0)
"""Seconds by which the gate's clock is ahead of the real one: for practice and drills, honoured for trunks on a
loopback address only; every other dial is refused while it is set."""
ESPEAK = env.str("PACELINE_ESPEAK", "espeak-ng")
"""Program that speaks safe-harbour texts into files."""

LOG_LEVEL = env.str("PACELINE_LOG_LEVEL", "INFO")
"""The least important messages that are written: DEBUG, INFO, WARNING or ERROR."""
LOG_JSON = env.bool("PACELINE_LOG_JSON", False)
"""One JSON object a line instead of text for people."""
LOGGING_CONFIG = "dialer.logs.configure"
LOGGING = {"level": LOG_LEVEL, "json": LOG_JSON}
