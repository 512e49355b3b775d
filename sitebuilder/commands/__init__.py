"""The commands of `python -m sitebuilder`, one module each."""
