"""Rules of passwords with words of their own: Django's catalogue lacks some of them in Chinese."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """At least so many letters."""

    def get_error_message(self) -> str:
        """What is said."""
        return f"密码太短：至少{self.min_length}位。"

    def get_help_text(self) -> str:
        """What is asked for."""
        return f"密码至少{self.min_length}位。"
