"""Verbs on schemes: read in, confirm, adjust by proposal and decision, bind to kinds and owners. One file per topic."""

from gongkai.scheme.actions.drafts import (
    change_draft,
    change_rows,
    confirm_scheme,
    drop_draft,
    owners_for,
    read_scheme,
)
from gongkai.scheme.actions.lines import FLAGS, MOST, TEXTS
from gongkai.scheme.actions.proposals import decide, propose
from gongkai.scheme.actions.schemes import add_line, begin_scheme, end_scheme

__all__ = [
    "FLAGS",
    "MOST",
    "TEXTS",
    "add_line",
    "begin_scheme",
    "change_draft",
    "change_rows",
    "confirm_scheme",
    "decide",
    "drop_draft",
    "end_scheme",
    "owners_for",
    "propose",
    "read_scheme",
]
