"""What the schedules look for."""


class ViolationError(AssertionError):
    """Something that must hold does not."""
