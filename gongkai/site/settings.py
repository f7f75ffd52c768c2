"""Settings of the site. What differs between sites comes from the environment; see docs/operation.md.

GONGKAI_DATA_DIR      the folder of everything that is kept (default `data/` in the present folder)
GONGKAI_DATABASE_URL  postgresql://…; SQLite in the data folder without it
GONGKAI_HOSTS         names under which the site is reached, separated by commas (default: this machine)
GONGKAI_SITE_URL      the address of the public site, https://…: in QR codes, feeds and the map of the site
GONGKAI_SEARCH        tantivy (default), or postgresql
GONGKAI_FIELD_KEY     the keys that seal personal data, one to a line (default: the file field.key in the data folder)
GONGKAI_SMTP_URL      smtp://user:password@host:587?from=name@example.cn: notices to applicants by e-mail
GONGKAI_SMS_URL       the address of a webhook that sends text messages; GONGKAI_WECOM_URL the same for 政务微信
GONGKAI_HTTPS         1 where the site is served over https: cookies are then sent over https only
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

GONGKAI_DATA_DIR = Path(os.environ.get("GONGKAI_DATA_DIR") or "data").absolute()


def _secret() -> str:
    """The site's key, made at the first start and kept outside the database, readable by its owner only."""
    path = GONGKAI_DATA_DIR / "secret.key"
    if not path.exists():
        GONGKAI_DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            pass
        else:
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("GONGKAI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
HTTPS = os.environ.get("GONGKAI_HTTPS") == "1"
GONGKAI_SITE_URL = os.environ.get("GONGKAI_SITE_URL", "").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "gongkai.base",
    "gongkai.orgs",
    "gongkai.records",
    "gongkai.scheme",
    "gongkai.plans",
    "gongkai.cases",
    "gongkai.ledger",
    "gongkai.search",
    "gongkai.desk",
    "gongkai.portal",
]

FOLLOWERS = [
    "gongkai.ledger.follow.LedgerFollower",
    "gongkai.ledger.evidence.EvidenceFollower",
    "gongkai.search.follow.SearchFollower",
    "gongkai.portal.press.PressFollower",
]
"""What is kept in step with the log, in the order in which it runs."""

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongkai.desk.door.Door",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.site.urls"
WSGI_APPLICATION = "gongkai.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "gongkai.desk.door.frame",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    url = os.environ.get("GONGKAI_DATABASE_URL")
    if url:
        found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
        if "postgresql" in found["ENGINE"]:
            # Pages ask many small questions: compiling each costs more than it saves (bench/ledger.py).
            found.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
        return found
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": GONGKAI_DATA_DIR / "gongkai.sqlite3",
        "OPTIONS": {
            # A writer takes its lock at the beginning, so that it waits for its turn instead of failing at the end.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
        },
        "CONN_MAX_AGE": None,
    }


DATABASES = {"default": _database()}

GONGKAI_SEARCH = os.environ.get("GONGKAI_SEARCH", "tantivy")
"""Which engine searches: tantivy in the data folder, or postgresql where everything must be in the database."""

GONGKAI_SMTP_URL = os.environ.get("GONGKAI_SMTP_URL", "")
GONGKAI_SMS_URL = os.environ.get("GONGKAI_SMS_URL", "")
GONGKAI_WECOM_URL = os.environ.get("GONGKAI_WECOM_URL", "")
OUTBOX_ADDRESSES = {"case": "gongkai.cases.reads.address_of"}
"""Who knows where the messages of a room go."""

AUTH_USER_MODEL = "orgs.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "gongkai.orgs.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "desk:sign-in"
LOGIN_REDIRECT_URL = "desk:today"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"] if HTTPS else [["username", "ip_address"]]
# Behind nginx every address is its own: there the account alone is locked.
AXES_LOCKOUT_CALLABLE = "gongkai.desk.account.locked"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

# nginx in front ends https and says so; only believed where GONGKAI_HTTPS says that there is one.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS if h != "*"] if HTTPS else []
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "gongkai.site.urls.stale"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y年n月j日"

STATIC_URL = "/static/"
STATIC_ROOT = GONGKAI_DATA_DIR / "static"
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755  # nginx reads the style sheets, whatever the mask of the service is
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # What strangers try is no news of ours.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
