"""What a site has of the Django project that it belongs to: loaded by `manage.py build` only."""
