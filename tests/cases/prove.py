"""`python -m tests.cases.prove 1000000 [seed]`: that many random stories of cases, each step held against what must hold."""

from __future__ import annotations

import random
import sys
import time

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from tests.cases.story import ATTEMPTS, Broken, Walk, balanced

SET = 500
"""Stories that make a body's report."""


def main(argv: list[str]) -> int:
    """Tell the given number of stories; 0 when everything holds, 1 at the first in which something does not."""
    total = int(argv[0]) if argv else 1_000_000
    seed = int(argv[1]) if len(argv) > 1 else time.time_ns()
    rng = random.Random(seed)
    began, done, taken, refused = time.perf_counter(), 0, 0, 0
    told: list[Walk] = []
    print(f"seed {seed}")
    try:
        with Progress("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
            task = bar.add_task("telling", total=total)
            for done in range(1, total + 1):
                one = Walk(rng).run(ATTEMPTS)
                taken, refused = taken + len(one.steps), refused + one.refused
                told.append(one)
                if len(told) == SET or done == total:
                    balanced(told)
                    told.clear()
                    bar.update(task, completed=done)
    except Broken as error:
        print(f"story {done} of seed {seed}: {error}")
        return 1
    except KeyboardInterrupt:
        print("interrupted")
    spent = time.perf_counter() - began
    print(f"{done} stories hold, {taken} steps taken and {refused} refused, in {spent:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
