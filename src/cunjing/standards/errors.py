"""What a validator raises."""


class UnreadableValueError(ValueError):
    """A value that cannot be accepted; the message is Chinese and says what to write instead."""
