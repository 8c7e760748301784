"""Muster: know who is on site, reach them, keep nothing else."""
