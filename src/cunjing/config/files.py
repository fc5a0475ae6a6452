"""The ASGI application that takes photos; granian serves it, as one worker."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunjing.config.settings")
django.setup()

from cunjing.photos.store import uploads  # noqa: E402 - models need the settings first
from cunjing.sync.uploads.app import files_application  # noqa: E402

application = files_application(uploads())
