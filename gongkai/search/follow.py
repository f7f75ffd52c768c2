"""The follower that keeps the index in step with the log, and the rebuild from nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.db.models import Q

from gongkai.base.clock import today
from gongkai.base.followers import catch_up
from gongkai.base.models import Cursor, Event
from gongkai.records.models import Record
from gongkai.search.documents import documents
from gongkai.search.port import Document
from gongkai.search.reads import engine

SMALL = 100
"""So many records are made into a new index in a moment, even while somebody waits."""
DAY = "search-day"


class SearchFollower:
    """Writes again what an event touched. A batch is one commit of the index, then the cursor moves: what was killed
    in between is written once more, in place of itself."""

    name = "search"
    batch = 200

    def follow(self, events: Sequence[Event]) -> None:
        """Records that were written, went out, were withdrawn or changed their validity."""
        touched: set[int] = set()
        for event in events:
            if event.subject == "record" and event.verb not in ("reveal", "send-link", "number", "chain"):
                touched.update(event.data.get("records", [int(event.subject_id)]))
            elif event.subject == "organisation" and event.verb == "rename":
                owned = Record.objects.filter(owner=int(event.subject_id))
                touched.update(owned.values_list("pk", flat=True))
        touched.discard(0)
        if not engine().fresh():
            # What is not there is made from all records: `keep_whole` does, and a small one is made at once.
            if Record.objects.count() <= SMALL:
                engine().rebuild(documents())
        elif touched:
            held = list(documents(touched))
            engine().write(held, gone=[pk for pk in touched if pk not in {d.id for d in held}])

    def reset(self) -> None:
        """Nothing is forgotten: everything is written again in place of itself."""


def rebuild(told: Callable[[int], None] | None = None) -> int:
    """Make the index anew while the old one serves; what happens meanwhile is taken in afterwards. Returns how many."""
    follower = SearchFollower()
    Cursor.objects.get_or_create(name=follower.name)
    last = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0

    def counted() -> Iterator[Document]:
        for document in documents():
            if told is not None:
                told(1)
            yield document

    count = engine().rebuild(counted())
    Cursor.objects.filter(name=follower.name).update(seq=last)
    Cursor.objects.update_or_create(name=DAY, defaults={"seq": today().toordinal()})
    catch_up([follower])
    return count


def keep_whole() -> bool:
    """Make the index where there is none: at the first start, after a restore, when it was deleted by hand or is of an
    older program. Returns whether it was made."""
    if engine().fresh():
        return False
    rebuild()
    return True


def new_day() -> None:
    """Once a day, what lapses or comes into force by its date alone is written again."""
    if keep_whole():
        return
    day = today()
    held = Cursor.objects.filter(name=DAY).values_list("seq", flat=True).first() or 0
    if held == day.toordinal():
        return
    # The day before is taken in too: what happened late on it may have been written with its own day.
    since = dt.date.fromordinal(held) - dt.timedelta(days=1) if held else day - dt.timedelta(days=2)
    turned = Q(expires__gte=since, expires__lt=day)
    for column in ("effective", "ended_on", "amended_on"):
        turned |= Q(**{f"{column}__gt": since, f"{column}__lte": day})
    pks = set(Record.objects.filter(turned).values_list("pk", flat=True))
    if pks:
        engine().write(list(documents(pks)))
    Cursor.objects.update_or_create(name=DAY, defaults={"seq": day.toordinal()})
