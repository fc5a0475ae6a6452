"""Typed reading of environment settings; a wrong value fails at start with a hint."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, *, default: str) -> str:
    """A string setting."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool) -> bool:
    """A yes/no setting: 1, true, yes or 0, false, no. Anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0")


def number(name: str, *, default: int) -> int:
    """A whole number above zero. Anything else is refused."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) == 0:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number above zero")
    return int(value)


def items(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated setting."""
    value = os.environ.get(name, "")
    return [item.strip() for item in value.split(",") if item.strip()] or default


def database(name: str, *, default: str) -> dict[str, object]:
    """Django's settings of one database from `sqlite:///path` or `postgresql://…`."""
    url = text(name, default=default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA cache_size=-65536;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        f"{name}={url!r}: write sqlite:////absolute/path.sqlite3 or postgresql://user:pw@host/db"
    )


def origins_of(url: str) -> list[str]:
    """The origin of an address for the content security policy; none for our own or none at all.

    Tile addresses carry a subdomain placeholder `{s}`, which becomes a wildcard.
    """
    if not url or url.startswith("/"):
        return []
    parts = urlsplit(url.replace("{s}.", "*."))
    return [f"{parts.scheme}://{parts.netloc}"]


def secret(name: str, *, file: Path) -> str:
    """A secret from the environment, else from `file`, made once with mode 600."""
    value = os.environ.get(name, "")
    if value:
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(48))
        except FileExistsError:  # another process of the same start made it first
            pass
    return file.read_text().strip()
