"""The WSGI application granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunjing.config.settings")
application = get_wsgi_application()

# What is loaded now stays; and a push of 500 lines makes tens of thousands of objects that are all
# gone with it. Looking through them every 700 took a third of its time (./run bench sync).
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 10, 10)
