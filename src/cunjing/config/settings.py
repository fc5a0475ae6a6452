"""Django settings: one file, read from the environment (docs/reference/settings.md)."""

from pathlib import Path

from cunjing.config import env

REPOSITORY = Path(__file__).resolve().parents[3]
VAR = Path(env.text("CUNJING_VAR", default=str(REPOSITORY / "var"))).resolve()
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("CUNJING_DEBUG", default=False)
SECRET_KEY = env.secret("CUNJING_SECRET_KEY", file=VAR / "secret-key")
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
    "cunjing.assessment",
    "cunjing.console",
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
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = env.text("CUNJING_LANGUAGE", default="zh-hans")
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
