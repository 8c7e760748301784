"""Visits and the roll call over HTTP."""
