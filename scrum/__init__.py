"""The Django project that serves the board: its settings, its urls and its WSGI application."""
