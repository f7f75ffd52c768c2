"""The followers of the log, and the process that runs them."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable

from gongkai.site.boot import boot


def main() -> None:
    """Follow until told to stop, or until the process that started this one is gone."""
    boot()
    from gongkai.base.followers import all_followers, run

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()

    def watch() -> None:
        while not stop.wait(1):
            if os.getppid() != parent:
                stop.set()

    threading.Thread(target=watch, daemon=True).start()
    threading.Thread(target=timed, args=(stop,), daemon=True).start()
    # Search by itself: what was withdrawn is gone from it at once, however long pages are being drawn.
    search = [f for f in all_followers() if f.name == "search"]
    beside = threading.Thread(target=run, args=(search, stop), daemon=True)
    beside.start()
    run([f for f in all_followers() if f.name != "search"], stop)
    beside.join(5)


class _Daily:
    """Once a day and at the start: sessions that are over go, and SQLite looks at how its tables are filled; without, a
    question for ten records walks a whole index. PostgreSQL does so by itself."""

    def __init__(self) -> None:
        self.day: object = None

    def __call__(self) -> None:
        from django.core.management import call_command
        from django.db import connection

        from gongkai.base.clock import today

        if self.day == today():
            return
        call_command("clearsessions", verbosity=0)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA analysis_limit=400")
                cursor.execute("PRAGMA optimize=0x10002")
        self.day = today()


def timed(stop: threading.Event, pause: float = 5) -> None:
    """What waits for its moment: records set to be published, and what a new day or year brings by itself."""
    from django.db import connection

    from gongkai.base.clock import today
    from gongkai.base.outbox import send_waiting
    from gongkai.ledger import follow as ledger
    from gongkai.portal import press
    from gongkai.records.actions import publish_due
    from gongkai.search import follow as search

    turns: list[Callable[[], object]] = [lambda: publish_due(on=today()), _Daily()]
    turns += [ledger.turn_of_day, press.turn_of_day, search.new_day, send_waiting]
    while not stop.wait(pause):
        for turn in turns:
            try:
                turn()
            except Exception:
                logging.getLogger(__name__).exception("timed")
                connection.close()


if __name__ == "__main__":
    main()
