"""A static site generator on Django's templates, with proven builds and publishes that can be undone."""

from sitebuilder.registered import register

__all__ = ["register"]
