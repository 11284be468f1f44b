"""Settings: every one from the environment, refused loudly when it does not parse (docs/settings.md)."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from careplan_portal.lib import logs
from careplan_portal.lib.env import Environment
from careplan_portal.settings import domain, security

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PORTAL_ENV = env.choice("PORTAL_ENV", ("development", "demo", "test", "production"), "development")
PRODUCTION = PORTAL_ENV == "production"
PORTAL_HOME = Path(env.text("PORTAL_HOME", str(BASE_DIR / "var"))).resolve()
PORTAL_TODAY = env.day("PORTAL_TODAY")
DEBUG = env.boolean("DEBUG", False)
if PRODUCTION and PORTAL_TODAY is not None:
    raise ImproperlyConfigured("PORTAL_TODAY は本番環境では使えません / is refused in production")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG は本番環境では使えません / is refused in production")

# In production without a default: it has to be given.
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else "not-secret-outside-production-" * 3)
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY は50文字以上にしてください / needs at least 50 characters")
# Keys of before: what they signed (addresses of receipts, codes of acknowledgements) still holds.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])

PORTAL_BASE_URL = env.url("PORTAL_BASE_URL", ("http", "https"), None if PRODUCTION else "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", None if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"])
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS に * は使えません / takes names, not *")
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "careplan_portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "careplan_portal",
    "careplan_portal.lib",
    "accounts",
    "notices",
    "links",
    "offices",
    "licenses",
    "campaigns",
    "faq",
    "helpdesk",
    "adoption",
    "outreach",
]

MIDDLEWARE = [
    "careplan_portal.lib.logs.RequestLogMiddleware",
    "accounts.middleware.AccessRecordMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "careplan_portal.lib.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    # Below the headers, so that files of ours carry them, too.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "careplan_portal.pages.middleware.NotAllowedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "careplan_portal.lib.clock.ClockMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "careplan_portal.urls"
FORM_RENDERER = "careplan_portal.lib.rendering.PortalRenderer"
WSGI_APPLICATION = "careplan_portal.wsgi.application"
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
            ],
            # The components' tags are there without {% load %}: templates/components/README.md.
            "builtins": [
                "django.templatetags.static",
                "careplan_portal.lib.templatetags.portal_quick",
                "careplan_portal.lib.templatetags.portal_words",
                "careplan_portal.lib.templatetags.portal_parts",
                "careplan_portal.lib.templatetags.portal_forms",
                "careplan_portal.templatetags.portal_frame",
                "careplan_portal.templatetags.portal_looks",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL", None if PRODUCTION else "postgres://portal@127.0.0.1:5432/portal")
    | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": f"portal-{PORTAL_ENV}",
            # What is prepared (lib/prepared.py) is planned once; by itself PostgreSQL plans queries for lists each time.
            "options": "-c plan_cache_mode=force_generic_plan",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.url("REDIS_URL", ("redis", "rediss"), None if PRODUCTION else "redis://127.0.0.1:6379/0")
# Apart from the broker's database, because clearing a cache empties the whole database.
_redis, _, _number = REDIS_URL.rpartition("/")
CACHE_URL = env.url(
    "CACHE_URL", ("redis", "rediss"), f"{_redis}/{int(_number) + 1}" if _number.isdigit() else f"{REDIS_URL}/1"
)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}

# --- language, day and place --------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# --- files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(PORTAL_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = PORTAL_HOME / "media"
_collected = PORTAL_ENV in ("demo", "production")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_AUTOREFRESH = False

# --- people -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = security.PASSWORD_VALIDATORS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = security.cookie_name("sessionid", https=PRODUCTION)
CSRF_COOKIE_NAME = security.cookie_name("csrftoken", https=PRODUCTION)
SESSION_COOKIE_HTTPONLY = True
# No script of ours reads it: every form carries its own token.
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PORTAL_BASE_URL.partition("://")[0]
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{domain.SERVICE_NAME}："
# Whoever's password, address or second factor changes reads it in a mail; addresses nobody knows get none.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A second factor for everybody who sees more than the own office (accounts.enums.TWO_FACTOR_ROLES).
TWO_FACTOR_REQUIRED = env.boolean("TWO_FACTOR_REQUIRED", PRODUCTION)
if PRODUCTION and not TWO_FACTOR_REQUIRED:
    raise ImproperlyConfigured("TWO_FACTOR_REQUIRED は本番環境では外せません / cannot be switched off in production")
MFA_ADAPTER = "accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.EmailChangeForm",
    "change_password": "accounts.forms.PasswordChangeForm",
    "set_password": "accounts.forms.PasswordSetForm",
    "reset_password_from_key": "accounts.forms.PasswordResetForm",
}
MFA_FORMS = {
    "activate_totp": "accounts.forms.AppForm",
    "add_webauthn": "accounts.forms.PasskeyForm",
    "edit_webauthn": "accounts.forms.PasskeyNameForm",
    "generate_recovery_codes": "accounts.forms.CodesForm",
}
MFA_TOTP_ISSUER = domain.SERVICE_NAME
# WebAuthn needs a secure origin; browsers take http://localhost for one, the library only when told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.adapters.throttled_name"
AXES_CLIENT_IP_CALLABLE = "careplan_portal.lib.http.client_ip"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

# --- browsers -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = security.CONTENT_SECURITY_POLICY
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "careplan_portal.errors.stale_token"
_transport = security.transport(https=PRODUCTION)
SECURE_SSL_REDIRECT: bool = _transport["SECURE_SSL_REDIRECT"]
SESSION_COOKIE_SECURE: bool = _transport["SESSION_COOKIE_SECURE"]
CSRF_COOKIE_SECURE: bool = _transport["CSRF_COOKIE_SECURE"]
SECURE_HSTS_SECONDS: int = _transport["SECURE_HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = _transport["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
SECURE_HSTS_PRELOAD: bool = _transport["SECURE_HSTS_PRELOAD"]

# --- programs -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    # Who may call is stated by accounts.permissions.audience, as for every other view.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": env.text("API_THROTTLE", "600/min")},
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "careplan_portal.lib.http.problem_exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ケアプー フリーパス ポータル API",
    "DESCRIPTION": "サインインせずに使える公開 API。誤りは RFC 9457 の problem details で返します。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

# --- mail ---------------------------------------------------------------------------------------------
_mail = env.email("EMAIL_URL", {"test": "memorymail://", "production": ""}.get(PORTAL_ENV, "consolemail://"))
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", None if PRODUCTION else "portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- jobs ---------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "global_keyprefix": "portal:"}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Papers that somebody waits for have a queue of their own: thousands of mails must not stand before them.
# A worker takes from both in turn.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("papers")]
CELERY_TASK_ROUTES = {"licenses.tasks.document_make": {"queue": "papers"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
# A killed worker's task goes back to the queue: every task says why running twice is safe.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 50 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 45 * 60
CELERY_BEAT_SCHEDULE_FILENAME = str(PORTAL_HOME / "run" / "celerybeat-schedule")
CELERY_TASK_ALWAYS_EAGER = PORTAL_ENV == "test"
CELERY_TASK_EAGER_PROPAGATES = True

# --- metrics ------------------------------------------------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS_ALLOW = env.networks("METRICS_ALLOW")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN は20文字以上にしてください / needs at least 20 characters")
# Read by prometheus_client itself: where several processes of one host put what they count.
_counted = env.text("PROMETHEUS_MULTIPROC_DIR", "")
if _counted:
    Path(_counted).mkdir(parents=True, exist_ok=True)

# --- reports ------------------------------------------------------------------------------------------
# All places and areas, or only the areas of officers who asked: a demo has no night to spare.
MONTHLY_REPORTS = env.choice("MONTHLY_REPORTS", ("all", "asked"), "all" if PRODUCTION else "asked")

# --- logs ---------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice(
    "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "WARNING" if PORTAL_ENV == "test" else "INFO"
)
LOGGING = logs.configure(level=LOG_LEVEL, json=PORTAL_ENV != "development")

# --- the operation (settings/domain.py) ---------------------------------------------------------------
FEE_INCLUDES_TAX = domain.FEE_INCLUDES_TAX
TAX_PERCENT = domain.TAX_PERCENT
INVOICE_ISSUER_NUMBER = domain.INVOICE_ISSUER_NUMBER
SERVICE_NAME = domain.SERVICE_NAME
SUPPORT_PHONE = domain.SUPPORT_PHONE
SUPPORT_HOURS = domain.SUPPORT_HOURS
IDENTITY_CODE_DIGITS = domain.IDENTITY_CODE_DIGITS
IDENTITY_CODE_TRIES = domain.IDENTITY_CODE_TRIES
IDENTITY_CODE_PAUSE_MINUTES = domain.IDENTITY_CODE_PAUSE_MINUTES
IDENTITY_REMIND_DAYS = domain.IDENTITY_REMIND_DAYS
PAPER_DAYS = domain.PAPER_DAYS
SUPPORT_ADDRESS = domain.SUPPORT_ADDRESS
FILINGS_PER_HOUR = domain.FILINGS_PER_HOUR
STATUS_LOOKS_PER_HOUR = domain.STATUS_LOOKS_PER_HOUR
CODES_PER_HOUR = domain.CODES_PER_HOUR
DRAFT_DAYS = domain.DRAFT_DAYS
INVITATION_DAYS = domain.INVITATION_DAYS
MAILS_PER_MINUTE = domain.MAILS_PER_MINUTE
MAIL_TRIES = domain.MAIL_TRIES
MAIL_CLAIM_SECONDS = domain.MAIL_CLAIM_SECONDS
RETURNED_ADDRESS = domain.RETURNED_ADDRESS
RETURNED_MAILBOX = domain.RETURNED_MAILBOX
MAIL_COPY_ADDRESS = domain.MAIL_COPY_ADDRESS
MAIL_COPIES = domain.MAIL_COPIES
if bool(MAIL_COPY_ADDRESS) != bool(MAIL_COPIES):
    raise ImproperlyConfigured("MAIL_COPY_ADDRESS と MAIL_COPIES は、両方を決めてください / go together")
NOTICE_DAYS = domain.NOTICE_DAYS
# Who hands an office's dates to the FAQ, which itself knows no office (docs/adr/0010).
FAQ_VALUES = "campaigns.queries.faq_values.faq_values"
FAQ_OFFICES = "campaigns.queries.faq_values.faq_offices"
