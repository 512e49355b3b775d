"""Measure the site builder beside other generators, all in one run: `python -m bench.sitebuilder --help`."""
