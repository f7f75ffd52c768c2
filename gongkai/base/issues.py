"""Refusals: each names the rule and says how to satisfy it; page, form, command and API show the same words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """`rule` is a short code that tests and pages can name; `say` is Chinese; `field` is what it is about."""

    rule: str
    say: str
    field: str = ""


class Refused(Exception):
    """An action that the rules do not allow now. Nothing has been written."""

    def __init__(self, *issues: Issue) -> None:
        self.issues = issues
        super().__init__("；".join(i.say for i in issues))


def refuse(rule: str, say: str, field: str = "") -> Refused:
    """A refusal with one issue."""
    return Refused(Issue(rule, say, field))
