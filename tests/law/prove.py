"""`python -m tests.law.prove 1000000 [seed]`: that many random dates, both ways, each compared."""

from __future__ import annotations

import random
import sys
import time

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from tests.law.chance import Pair


def main(argv: list[str]) -> int:
    """Compare the given number of cases; 0 when all agree, 1 at the first that does not."""
    total = int(argv[0]) if argv else 1_000_000
    seed = int(argv[1]) if len(argv) > 1 else time.time_ns()
    rng, pair = random.Random(seed), Pair()
    began, done = time.perf_counter(), 0
    print(f"seed {seed}")
    try:
        with Progress("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
            task = bar.add_task("comparing", total=total)
            for done in range(1, total + 1):
                rule, facts, ours, theirs = pair.check(rng)
                if ours != theirs:
                    print(f"case {done} differs: {rule} {facts}\n  clocks {ours}\n  naive  {theirs}")
                    return 1
                if not done % 1000:
                    bar.update(task, completed=done)
    except KeyboardInterrupt:
        print("interrupted")
    print(f"{done} cases agree in {time.perf_counter() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
