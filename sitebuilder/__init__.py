"""A static site generator on Django's templates, with proven builds and publishes that can be undone."""
