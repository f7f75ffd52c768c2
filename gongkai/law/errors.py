"""What the law room refuses, in words a clerk can act on."""

from __future__ import annotations


class ClockError(ValueError):
    """A question about a time limit that cannot be answered.

    The message is one Chinese sentence that names the rule or the fact and says what to do.
    """


def shown(value: object) -> str:
    """A value as an error quotes it: on one line and not too long."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:40] + "…"
