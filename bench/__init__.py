"""Measure what is said to be fast: each module that can be run prints sizes, figures and targets."""
