"""What a source of duty says it is owed, in the words that the ledger writes: plain values, no database.

Plans, schemes and cases are strangers to each other; what each of them yields to the ledger has this one form.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated, or waiting, instance of what is owed.

    `clock` names it within its source for good: settlements and evidence name it too. `opens` is the first day of its
    period. `waits` says in Chinese what it waits for where `due` is None. `assumed` marks a date that nobody printed;
    `past` one that had passed when the plan was issued; `provisional` one beyond the last holiday notice. `met` is the day
    on which its source itself knows that it was met: an answer that was delivered is settled by nobody's word.
    """

    clock: str
    due: dt.date | None
    label: str = ""
    opens: dt.date | None = None
    waits: str = ""
    basis: str = ""
    assumed: bool = False
    past: bool = False
    provisional: bool = False
    met: dt.date | None = None


@dataclass(slots=True)
class Owed:
    """What one source owes, for the ledger: from where, by whom, on what basis, and when."""

    source: str
    source_id: int
    body: int
    sheet: int
    year: int
    position: int
    title: str
    heading: str
    basis: str
    occurrences: list[Occurrence]
    bearers: dict[tuple[int, str], bool] = field(default_factory=dict)
    """(organisation, lead or support) → whether only by a word for many."""
