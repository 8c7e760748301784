"""What others may ask of privacy."""

from app.privacy.service.hot import ask_gate, count_refusals, read_gate

__all__ = ["ask_gate", "count_refusals", "read_gate"]
