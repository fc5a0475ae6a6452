"""The product's settings, with one bare view beside its addresses."""

from cunjing.config.settings import *  # noqa: F403 - Django's settings are a flat module

ROOT_URLCONF = "benchmarks._web_urls"
