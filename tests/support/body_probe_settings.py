"""The product's settings, with the probe's page instead of its own."""

from cunjing.config.settings import *  # noqa: F403 - settings are extended this way

ROOT_URLCONF = "tests.support.body_probe"
