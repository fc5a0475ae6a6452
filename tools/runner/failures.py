"""The one error that ends ./run with a sentence instead of a traceback."""


class RunError(Exception):
    """Something a person has to act on; the message says what to do."""

    def __init__(self, message: str, *, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
