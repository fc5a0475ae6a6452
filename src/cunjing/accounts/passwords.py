"""What a password must be, said in Chinese: Django's own words for its length are English only."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        """What to do about a short one."""
        return f"密码太短，至少要{self.min_length}位。"

    def get_help_text(self) -> str:
        """What stands below the field."""
        return f"密码至少{self.min_length}位。"
