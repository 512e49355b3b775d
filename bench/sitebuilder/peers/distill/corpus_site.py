"""The corpus as a Django project that django-distill builds: no database, and the views beside this file."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management import execute_from_command_line

HERE = Path(__file__).parent

settings.configure(
    ROOT_URLCONF="corpus_views",
    SECRET_KEY="of a bench, and of no use",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    INSTALLED_APPS=["django_distill"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}],
    DISTILL_SKIP_STATICFILES_DIRS=True,
    STATIC_ROOT=HERE / "static",
    STATIC_URL="/static/",
    STATICFILES_DIRS=[],
)

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
