"""What can go wrong with the private servers. The message says what to do next."""


class EmbeddedError(Exception):
    """A private server cannot be set up, started or stopped."""


class ProvisionError(Exception):
    """Roles or database cannot be made as this database user."""
