"""Messages and alerts: who is to be reached, over which channel, and what became of it."""
