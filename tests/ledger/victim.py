"""Run in a process of its own, which the test kills: `load`, `follow` or `check` the sample county."""

from __future__ import annotations

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.site.settings"


def main(what: str) -> None:
    """Prints a line for each thing done, so that the test knows when to kill."""
    import django

    django.setup()
    from django.core.management import call_command

    from gongkai.base.followers import catch_up, restart, step
    from gongkai.base.reads import check_chain
    from gongkai.demo.county import County
    from gongkai.ledger import follow, reads

    follower = follow.LedgerFollower()
    if what == "load":
        call_command("migrate", verbosity=0)
        for _ in County(records=False).load():
            pass
        print(reads.fingerprint(), flush=True)
        restart(follower)
    elif what == "follow":
        while taken := step(follower, batch=7):
            print(taken, flush=True)
    else:
        catch_up([follower])
        print(reads.fingerprint())
        follow.rebuild()
        print(reads.fingerprint())
        print(check_chain())


if __name__ == "__main__":
    main(sys.argv[1])
