"""An uploaded sheet waits between dry run and import, so that both read the same bytes.

It lies in VAR/uploads under a random name; only the signed ticket of the dry-run page finds it, and
only for the person who uploaded it, for an hour.
"""

import secrets
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from cunjing.base.errors import invalid

KEPT_SECONDS = 60 * 60
SALT = "console.uploads"


def keep(*, upload: "UploadedFile[Any]", user_id: UUID) -> str:
    """Store the upload; returns its ticket. Uploads older than an hour are removed."""
    folder = _folder()
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    with (folder / name).open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    return signing.dumps([name, upload.name or "", str(user_id)], salt=SALT)


def waiting(*, ticket: str, user_id: UUID) -> tuple[Path, str]:
    """Path and original name of a waiting upload. Raises 42201 where it is gone."""
    try:
        name, original, owner = signing.loads(ticket, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature as error:
        raise _gone() from error
    path = _folder() / name
    if owner != str(user_id) or not path.is_file():
        raise _gone()
    return path, original


def _folder() -> Path:
    folder: Path = settings.VAR / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _gone() -> Exception:
    return invalid("预览已经过期，什么都没有导入。请重新上传文件。")
