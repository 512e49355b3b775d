"""The WSGI application that a server such as granian runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scrum.settings")
application = get_wsgi_application()

# What is loaded by now stays for good. A snapshot makes thousands of objects that hold no cycles; looking
# through all of them again and again was a quarter of its cost.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
