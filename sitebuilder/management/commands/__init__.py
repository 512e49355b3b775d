"""`manage.py build`, and `manage.py sitebuilder` for every other command."""
