"""Django settings: one file, read from the environment (docs/reference/settings.md)."""

from datetime import timedelta
from pathlib import Path

from cunjing.config import env

REPOSITORY = Path(__file__).resolve().parents[3]
VAR = Path(env.text("CUNJING_VAR", default=str(REPOSITORY / "var"))).resolve()
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("CUNJING_DEBUG", default=False)
SECRET_KEY = env.secret("CUNJING_SECRET_KEY", file=VAR / "secret-key")
PSEUDONYM_KEY = env.secret("CUNJING_PSEUDONYM_KEY", file=VAR / "pseudonym-key")
ALLOWED_HOSTS = env.items("CUNJING_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.flag("CUNJING_HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "cunjing.console",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "cunjing.kernel",
    "cunjing.accounts",
    "cunjing.places",
    "cunjing.staffing",
    "cunjing.coverage",
    "cunjing.fieldwork",
    "cunjing.matters",
    "cunjing.photos",
    "cunjing.assessment",
    "cunjing.rostering",
    "cunjing.questions",
    "cunjing.briefings",
    "cunjing.sync",
    "cunjing.field",
    "cunjing.commands",
]

DATABASES = {
    "default": env.database("CUNJING_DATABASE_URL", default=f"sqlite:///{VAR / 'cunjing.sqlite3'}")
}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cunjing.kernel.middleware.WholeBodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cunjing.console.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cunjing.console.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cunjing.console.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "cunjing.config.urls"
WSGI_APPLICATION = "cunjing.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cunjing.console.context.page",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "cunjing.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cunjing.console.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Lock-out is axes' (below). This limits guesses of second factors, by account; a whole county may
# share one address behind a proxy, so the limit by address is wide.
ACCOUNT_RATE_LIMITS = {"login_failed": "300/m/ip,10/300s/key"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "cunjing.console.adapter.SealedMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cunjing 村警"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
REQUIRE_SECOND_FACTOR = env.flag("CUNJING_REQUIRE_SECOND_FACTOR", default=False)

# Lock-out lives in the database, so it holds over all workers and restarts.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "cunjing.accounts.sign_in.attempted_name"
AXES_LOCKOUT_TEMPLATE = "console/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.items("CUNJING_TRUSTED_ORIGINS", default=[])

# From where on a record raises a question to whose it is (questions.rules.Limits).
QUESTION_LIMITS = {
    "speed_kmh": env.number("CUNJING_QUESTION_SPEED_KMH", default=120),
    "similarity_percent": env.number("CUNJING_QUESTION_SIMILARITY_PERCENT", default=90),
    "text_length": env.number("CUNJING_QUESTION_TEXT_LENGTH", default=15),
    "batch_records": env.number("CUNJING_QUESTION_BATCH_RECORDS", default=5),
    "batch_seconds": env.number("CUNJING_QUESTION_BATCH_SECONDS", default=60),
    "batch_days": env.number("CUNJING_QUESTION_BATCH_DAYS", default=3),
    "clock_minutes": env.number("CUNJING_QUESTION_CLOCK_MINUTES", default=60),
    "look_back_days": env.number("CUNJING_QUESTION_LOOK_BACK_DAYS", default=62),
}

# Map tiles are the county's choice; without them markers stand on a plain ground.
MAP_TILES_URL = env.text("CUNJING_MAP_TILES_URL", default="")
MAP_TILES_ATTRIBUTION = env.text("CUNJING_MAP_TILES_ATTRIBUTION", default="")
# Photos arrive at a process of their own; a proxy puts it under the one address, or it has another.
FILES_URL = env.text("CUNJING_FILES_URL", default="/sync/v1/files")
FILES_ORIGINS = env.origins_of(FILES_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *env.origins_of(MAP_TILES_URL)],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[-.][0-9A-Za-z_-]{8,}\..+$"

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_BYTES + 1024 * 1024

# Errors go to standard error, where the service manager keeps them; nobody is mailed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = env.text("CUNJING_LANGUAGE", default="zh-hans")
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [REPOSITORY / "src/cunjing/locale/dist"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
