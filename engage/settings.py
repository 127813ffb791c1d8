"""Settings: development works without any; production names its secrets in the environment.

Nothing here reaches for a service at import; ``engage.web.checks`` refuses an unsafe production.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

DEVELOPMENT = env.bool("DEBUG", default=True)
# Django's own error pages replace the town's; nobody should meet them by only running it.
DEBUG = DEVELOPMENT and env.bool("TRACEBACKS", default=False)
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEVELOPMENT_KEY = "for-development-only"
SECRET_KEY = env("SECRET_KEY", default=DEVELOPMENT_KEY if DEVELOPMENT else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY in the environment: production has no default.")

# --- Where the town is reached. Pages and ballot box are two origins, also in development. ---
PORT = env.int("PORT", default=8000)
SITE_ORIGIN = env("SITE_ORIGIN", default=f"http://127.0.0.1:{PORT}").rstrip("/")
BOOTH_ORIGIN = env("BOOTH_ORIGIN", default=f"http://localhost:{PORT}").rstrip("/")
_hosts = [origin.split("://")[1].split(":")[0] for origin in (SITE_ORIGIN, BOOTH_ORIGIN)]
ALLOWED_HOSTS = [*_hosts, "[::1]"] if DEVELOPMENT else sorted(set(_hosts))
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
TOWN = {
    "name": env("TOWN_NAME", default="Eddersford"),
    "office": env("TOWN_OFFICE", default="Eddersford Town Council"),
    "colour": env("TOWN_COLOUR", default="#7b1f51"),
    "currency": env("TOWN_CURRENCY", default="£"),
}

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "channels",
    "csp",
    "django_htmx",
    "engage",
    "engage.journal",
    "engage.identity",
    "engage.moderation",
    "engage.web",
    "voting.board",
    "voting",
    "forums",
    "realtime",
]

MIDDLEWARE = [
    "engage.web.origins.two_origins",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "engage.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "engage.web.refusals.RefusalMiddleware",
    "engage.identity.freshness.SignInMiddleware",
    "engage.identity.second_factor.StaffSecondFactor",
]

ROOT_URLCONF = "engage.urls"
ASGI_APPLICATION = "engage.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "engage.identity.context.person",
                "engage.identity.oidc.context.identity_service",
                "engage.web.context.town",
            ],
        },
    }
]
FORM_RENDERER = "engage.web.forms.TownRenderer"

# --- Two databases: people here, ballots there. A dump of either links nobody to a choice. ---
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
}
# A server that is gone without a word must not hold a thread for a quarter of an hour. Statements
# have no limit: it is kept by the server, which is the one that is gone, and migrations take long.
_POSTGRES = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def _database(variable: str, fallback: str) -> dict:
    settings = env.db_url_config(env(variable, default="") or fallback)
    if "sqlite3" in settings["ENGINE"]:
        settings["OPTIONS"] = dict(_SQLITE)
        settings["CONN_MAX_AGE"] = None
        settings["TEST"] = {"NAME": f"{settings['NAME']}.test"}
        return settings
    settings["CONN_HEALTH_CHECKS"] = True  # no thread answers 503 after a database was restarted
    settings["OPTIONS"] = _POSTGRES | settings.get("OPTIONS", {})
    if env.bool("DATABASE_POOL", default=False):
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8}
    else:
        settings["CONN_MAX_AGE"] = 60
    return settings


DATABASES = {"default": _database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'engage.sqlite3'}")}
if env("BALLOTS_DATABASE_URL", default="") or "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["ballots"] = _database(
        "BALLOTS_DATABASE_URL", f"sqlite:///{DATA_DIR / 'ballots.sqlite3'}"
    )
else:  # one server in development: a second database on it, made by ``manage.py prepare``
    DATABASES["ballots"] = dict(DATABASES["default"])
    DATABASES["ballots"]["NAME"] = f"{DATABASES['default']['NAME']}_ballots"
DATABASE_ROUTERS = ["voting.board.router.BallotsApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Live delivery ---
REDIS_URL = env("REDIS_URL", default="")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
CACHES = {
    "default": {"BACKEND": "engage.web.steady.SteadyCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # of 300, a count would soon be pushed out
    }
}
LIMITS = env.bool("LIMITS", default=True)
# Open sockets a process takes: of one address (room for a school behind it), of one session.
SOCKETS_PER_ADDRESS = env.int("SOCKETS_PER_ADDRESS", default=1_000)
SOCKETS_PER_SESSION = 30
# How many proxies of ours stand in front and append to X-Forwarded-For; 0: believe none of it.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# How directly live updates may be sent (realtime/sending/levels.py).
SENDING = env.int("SENDING", default=2)
RATELIMIT_ENABLE = LIMITS
RATELIMIT_FAIL_OPEN = True
SILENCED_SYSTEM_CHECKS = [
    "django_ratelimit.E003",
    "django_ratelimit.W001",
    "security.W002",  # framing is decided by frame-ancestors, page by page
]

# --- Who someone is: a code by e-mail, no passwords ---
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "engage.identity.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # engage.web.limits counts, for every page alike
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "engage.identity.forms.accounts.AccountForm",
    "confirm_login_code": "engage.identity.forms.codes.LoginCodeForm",
    "confirm_email_verification_code": "engage.identity.forms.codes.EmailCodeForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A second factor: a passkey, or codes from an app with recovery codes for when it is lost.
MFA_ADAPTER = "engage.identity.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off; each code works once
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_ORIGIN.startswith("http://")
MFA_FORMS = {
    "authenticate": "engage.identity.forms.codes.SecondFactorForm",
    "reauthenticate": "engage.identity.forms.codes.FreshSecondFactorForm",
    "activate_totp": "engage.identity.forms.codes.AppForm",
    "add_webauthn": "engage.identity.forms.passkeys.MakingForm",
    "signup_webauthn": "engage.identity.forms.passkeys.SignupForm",
    "authenticate_webauthn": "engage.identity.forms.passkeys.ShowingForm",
    "reauthenticate_webauthn": "engage.identity.forms.passkeys.FreshForm",
    "login_webauthn": "engage.identity.forms.passkeys.LoginForm",
}
# Whether whoever works for the town must have one; production refuses to start without.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not DEVELOPMENT)
# The town's or the nation's identity service, by OpenID Connect; without an issuer there is none.
OIDC = {
    "issuer": env("OIDC_ISSUER", default=""),
    "client": env("OIDC_CLIENT_ID", default=""),
    "secret": env("OIDC_CLIENT_SECRET", default=""),
    "name": env("OIDC_NAME", default=""),
    "level": env("OIDC_LEVEL", default="account"),
}
SOCIALACCOUNT_ADAPTER = "engage.identity.oidc.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "engage.identity.oidc.forms.DisconnectForm"}
SOCIALACCOUNT_EMAIL_REQUIRED = SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # an address counts only if the service confirmed it
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_TIMEOUT = 10  # a mail server that hangs must not hold a page for minutes
EMAIL_FILE_PATH = f"/{EMAIL_CONFIG.get('EMAIL_FILE_PATH') or ''}"  # filemail:///folder
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="Eddersford <no-reply@eddersford.example>")

# --- Language and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "engage" / "locale"]
USE_TZ = True
FORMAT_MODULE_PATH = "engage.web.formats"
TIME_ZONE = env("TOWN_TIME_ZONE", default="Europe/London")

# --- Static files, cookies, headers ---
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a folder that is not there yet
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
_secure = SITE_ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_ENGINE = "engage.identity.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
CSRF_FAILURE_VIEW = "engage.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_sockets = SITE_ORIGIN.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, _sockets],
        "frame-src": [BOOTH_ORIGIN],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "engage": {"level": "INFO"},
        "voting": {"level": "INFO"},
        "realtime": {"level": "INFO"},
        # An access log would write the address and the minute of every ballot.
        "django.channels.server": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # answered 400; anybody's noise
        "daphne": {"level": "WARNING"},
    },
}
