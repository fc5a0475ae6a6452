"""Write the words the phone offers anew, after a list or a limit has changed."""

import importlib
import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunjing.config.settings")
    django.setup()
    choices = importlib.import_module("tests.support.field_choices")
    choices.TARGET.write_text(choices.rendered(), "utf-8")
