"""What others may ask of privacy: gates, refusals, statements. Routes of privacy and chores use the modules beside this one."""

from app.privacy.service.hot import ask_gate, count_refusals, gate_of, gate_sql, gates_of, read_gate
from app.privacy.service.instructions import purposes
from app.privacy.service.statements import AcceptedStatement, accept_statement, register_organization, register_statements

__all__ = [
    "AcceptedStatement",
    "accept_statement",
    "ask_gate",
    "count_refusals",
    "gate_of",
    "gate_sql",
    "gates_of",
    "purposes",
    "read_gate",
    "register_organization",
    "register_statements",
]
