"""What must follow a change: rows written in its transaction, carried out after it."""
