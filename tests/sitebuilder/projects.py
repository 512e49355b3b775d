"""A small Django project with a shop's models on SQLite, and a site that its views are part of."""

from pathlib import Path

from tests.sitebuilder.sites import SITE, write

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "of a test"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "sitebuilder", "catalog"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "shop.sqlite3"}}
ROOT_URLCONF = "shop.urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
    ]},
}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
SITEBUILDER = {"site": BASE_DIR / "site"}
"""
MANAGE = """
import os, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
execute_from_command_line(sys.argv)
"""
URLS = """
from django.urls import include, path
from catalog import views
shop = ([
    path("products/<slug:slug>/", views.product, name="product"),
    path("products.json", views.listing, name="listing"),
], "shop")
urlpatterns = [path("", include(shop))]
"""
MODELS = """
from django.db import models

class Product(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=50)
    version = models.IntegerField(default=1)
"""
VIEWS = """
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from catalog.models import Product

def product(request, slug):
    return render(request, "catalog/product.html", {"product": get_object_or_404(Product, slug=slug)})

def listing(request):
    return JsonResponse({"names": sorted(Product.objects.values_list("name", flat=True))})
"""
PRODUCT = (
    "{% load sitebuilder %}<!doctype html><title>{{ product.name }}</title>{{ user.is_anonymous }} "
    "{{ request.build_absolute_uri }} {% link 'about-us.md' %}"
)
REGISTER = "import sitebuilder\nfrom catalog.models import Product\n"
REGISTERING = (
    f"{REGISTER}sitebuilder.register('shop:listing')\n"
    "sitebuilder.register('shop:product', lambda: Product.objects.values('slug', 'version'), key='version')\n"
)
PAGE = "---\ntitle: About us\n---\n{% url 'shop:product' slug='red' %}\n"


def make_project(folder: Path) -> Path:
    """Write the project and its site."""
    write(
        folder / "site",
        {
            "site.toml": SITE,
            "pages/about-us.md": PAGE,
            "templates/page.html": "<!doctype html><title>{{ page.title }}</title>{{ content }}",
        },
    )
    code = {
        "manage.py": MANAGE,
        "shop/__init__.py": "",
        "shop/settings.py": SETTINGS,
        "shop/urls.py": URLS,
        "catalog/__init__.py": "",
        "catalog/models.py": MODELS,
        "catalog/views.py": VIEWS,
        "catalog/sitebuilder.py": REGISTERING,
        "catalog/templates/catalog/product.html": PRODUCT,
    }
    for name, text in code.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
