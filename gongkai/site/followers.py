"""The followers of the log, and the process that runs them."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

from gongkai.site.boot import boot

if TYPE_CHECKING:
    from gongkai.base.followers import Follower


def followers() -> list[Follower]:
    """Every follower there is, in the order in which they are run."""
    from gongkai.ledger.follow import LedgerFollower  # models: only after Django has started

    return [LedgerFollower()]


def main() -> None:
    """Follow until told to stop, or until the process that started this one is gone."""
    boot()
    from gongkai.base.followers import run

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()

    def watch() -> None:
        while not stop.wait(1):
            if os.getppid() != parent:
                stop.set()

    threading.Thread(target=watch, daemon=True).start()
    run(followers(), stop)


if __name__ == "__main__":
    main()
