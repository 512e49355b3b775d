"""The tags that the templates of a Django project have of its site."""
