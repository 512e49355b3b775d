"""Measure the placeholder service beside its peers, all in one run: `python -m bench.placeholder --help`."""
