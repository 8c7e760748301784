"""The routes of privacy, by who may call them."""
