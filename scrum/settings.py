"""The settings of the Django project; only `environment` reads variables."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF

from scrum import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# -- where it runs -----------------------------------------------------------------------------------------

SECRET_KEY = environment.secret_key()
DEBUG = environment.debug()
# The hub reads logs, and a watchdog asks for health, by the loopback address and without TLS.
ALLOWED_HOSTS = [*environment.allowed_hosts(), "localhost", "127.0.0.1"]
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^api/boards/\d+/events$"]
BOARD_ORIGINS = environment.board_origins()
CSRF_TRUSTED_ORIGINS = BOARD_ORIGINS
WATERCOOLER_KEYS = environment.watercooler_keys()
WATERCOOLER_URL = environment.watercooler_url()
WATERCOOLER_LIVE_URL = environment.watercooler_live_url()
DEMO_PASSWORD = environment.demo_password()

# -- what it is made of ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "board",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "board.compression.compression",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "scrum.urls"
WSGI_APPLICATION = "scrum.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# -- the database ------------------------------------------------------------------------------------------


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for `url`, with connections that stay open between requests."""
    database: dict[str, Any] = dict(environ.Env.db_url_config(url))
    database["CONN_MAX_AGE"] = None
    if database["ENGINE"].endswith("sqlite3"):
        # A writer takes its lock at once and waits for it, so that no change fails half way with "locked".
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        }
        # Tests use a file too: SQLite in memory knows neither WAL nor a second connection.
        database["TEST"] = {"NAME": f"{database['NAME']}.test"}
        Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    else:
        database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASES = {"default": _database(environment.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "board.User"
AUTHENTICATION_BACKENDS = ["board.signing_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "boards"
LOGOUT_REDIRECT_URL = "sign-in"
# The signed cookie names the person and a hash of the password: a new password ends every session, and
# no request pays a query for its session.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# -- transport security ------------------------------------------------------------------------------------

_https = any(origin.startswith("https://") for origin in BOARD_ORIGINS)
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        # The WebSocket, and below the same address over http what stands in for it where none gets through.
        "connect-src": [SELF, WATERCOOLER_LIVE_URL, f"http{WATERCOOLER_LIVE_URL.removeprefix('ws')}/"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# What other names of the domain do is not this program's to say: W005, W021. On plain http, on one's own
# machine, there is no HSTS, redirect or secure cookie; with an https origin all of them are on.
_WITHOUT_TLS = ["security.W004", "security.W008", "security.W012", "security.W016"]
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", *([] if _https else _WITHOUT_TLS)]

# -- language and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True

# -- static files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "board.assets.BrowserLibraries",
]
BROWSER_LIBRARIES_ROOT = BASE_DIR / "node_modules"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# -- the API -----------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "board.api.authentication.SessionAuthentication",
        "board.api.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["board.api.parsing.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["board.api.rendering.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.SearchFilter",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "board.api.pagination.Pages",
    "PAGE_SIZE": 100,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"sign-in": "20/min"},  # tries for one person from one address
    "EXCEPTION_HANDLER": "board.api.failures.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["board.api.rendering.JSONRenderer"],
    "UNICODE_JSON": True,
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "The board",
    "DESCRIPTION": "Boards, columns, sprints and tasks; every change is an event in the board's log.",
    "VERSION": "1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {"id": int},
}

# -- what it says of itself --------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
