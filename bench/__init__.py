"""Figures: `python -m bench`, or `make bench`."""
