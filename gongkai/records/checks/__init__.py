"""What is looked for while somebody writes, all of it on this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found. `level` is `block` (it may not go out so) or `warn`; `where` is for people, `field` for the form.

    `found` is the text itself, for those who write; `masked` is what one click would put in its place.
    """

    rule: str
    level: str
    say: str
    where: str = ""
    field: str = ""
    found: str = ""
    masked: str = ""
