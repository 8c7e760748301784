"""What is wrong with a document that a person or another system gave us: where, what, and what to do."""


class Fault(ValueError):
    """One fault in one place. `pointer` is a JSON pointer into the document (RFC 6901), "" for the document itself.

    `message` (without a full stop) and `next_step` (with one) are for the person who gave it. They repeat field names, never what somebody wrote.
    """

    def __init__(self, pointer: str, message: str, next_step: str) -> None:
        """Keep the three apart, so that a route can answer them as fields."""
        super().__init__(f"{message}. {next_step}")
        self.pointer = pointer
        self.message = message
        self.next_step = next_step

    def field(self, base: str) -> str:
        """The same place as a dotted path under `base`: "/all/1/fence" under "body.target" is "body.target.all.1.fence"."""
        return base + self.pointer.replace("/", ".")
