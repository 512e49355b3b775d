"""The commands of a Django project that its site is built with."""
