"""Make a built site live at a stage, remember every release, and go back to any of them.

A *stage* is a place of site.toml (`[stage.production]`), a *release* one tree of files that was live
there, a *target* the code that knows how such a place stores releases and switches between them.
"""
