"""Measure the hub's fan-out beside its peers', all in one run: `python -m bench.fanout --help`."""
