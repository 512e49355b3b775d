"""The site builder as an app of a Django project, whose views it makes pages of."""

from django.apps import AppConfig


class SitebuilderConfig(AppConfig):
    """What INSTALLED_APPS names by `"sitebuilder"`."""

    name = "sitebuilder"
    verbose_name = "Site builder"
