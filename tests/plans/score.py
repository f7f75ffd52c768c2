"""How well a reading agrees with a gold: tasks paired by their text, then each field counted as F1.

A field of a pair is right or wrong as a whole. A gold task without a partner is a miss in every field, a read task
without one a false find in every field, so that no field can gain from tasks that were never found.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel

Task = dict[str, Any]
ALIKE = 0.95
FIELDS = ("no", "path", "lead", "support", "persons", "deadlines")


def plain(text: Any) -> str:
    """Text without what may differ between two faithful copies: width, blanks, a mark at the end."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub(r"[。；;，,.]+$", "", re.sub(r"\s+", "", folded)).strip("《》")


def deadline_key(deadline: dict[str, Any] | str) -> tuple[Any, ...]:
    """What makes two deadlines the same; the phrase itself only where nothing else was made of it."""
    if isinstance(deadline, str):
        return ("raw", plain(deadline))
    kind = deadline["kind"]
    if kind == "by_date":
        return (kind, deadline["date"])
    if kind == "within_days":
        return (kind, deadline["days"], bool(deadline.get("working")))
    if kind == "recurring":
        return (kind, deadline["every"], deadline.get("count"))
    return (kind, plain(deadline["raw"]))


def _bag(task: Task, field: str) -> Counter[Any]:
    return Counter({plain(name) for name in task.get(field) or ()})


_VALUE: dict[str, Callable[[Task], Any]] = {
    "no": lambda t: t.get("no") or None,
    "path": lambda t: [plain(h) for h in t.get("path") or ()],
    "lead": lambda t: _bag(t, "lead"),
    "support": lambda t: _bag(t, "support"),
    "persons": lambda t: _bag(t, "persons"),
    "deadlines": lambda t: Counter(deadline_key(d) for d in t.get("deadlines") or ()),
}


def pairs(gold: list[Task], read: list[Task]) -> list[tuple[int, int]]:
    """Positions of tasks that are one another: the most alike first, of equals the nearest."""
    left = [plain(t["text"]) for t in gold]
    right = [plain(t["text"]) for t in read]
    likely = []
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            likeness = Indel.normalized_similarity(a, b, score_cutoff=ALIKE) if a and b else 0.0
            if likeness >= ALIKE:
                likely.append((-likeness, abs(i - j), i, j))
    found: dict[int, int] = {}
    for _, _, i, j in sorted(likely):
        if i not in found and j not in found.values():
            found[i] = j
    return sorted(found.items())


@dataclass
class Score:
    """F1 of the tasks and of each field, and what was wrong, one line each."""

    f1: dict[str, float]
    wrong: list[str]


def f1(right: int, read: int, gold: int) -> float:
    """The harmonic mean of precision and recall; 1 where there was nothing to find and nothing was found."""
    return 2 * right / (read + gold) if read + gold else 1.0


def score(gold: list[Task], read: list[Task], fields: tuple[str, ...] = FIELDS) -> Score:
    """Compare the tasks of a reading with those of a gold."""
    together = pairs(gold, read)
    met, seen = {i for i, _ in together}, {j for _, j in together}
    wrong = [f"missed {i + 1}: {t['text'][:40]}" for i, t in enumerate(gold) if i not in met]
    wrong += [f"made up {j + 1}: {t['text'][:40]}" for j, t in enumerate(read) if j not in seen]
    out = {"tasks": f1(len(together), len(read), len(gold))}
    for field in fields:
        right = 0
        for i, j in together:
            a, b = _VALUE[field](gold[i]), _VALUE[field](read[j])
            if a == b:
                right += 1
            else:
                wrong.append(f"{field} of {i + 1}: gold {a}, read {b}")
        out[field] = f1(right, len(read), len(gold))
    return Score(out, wrong)
