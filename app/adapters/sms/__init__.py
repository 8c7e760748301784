"""SMS: to a carrier or gateway over SMPP, or to a provider over HTTP."""
