"""`gongkai read` in a process of its own, with bounds on memory and time, and an account of the time it used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MEMORY = 1 << 30
SECONDS = 10
"""Of processor time, so that a busy machine does not make a test fail; the wall gets three times that."""

_CHILD = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[4]) + 2, int(sys.argv[4]) + 2))
for name in ("rapidocr", "rapidocr_onnxruntime"):
    sys.modules[name] = None  # recognition is tested elsewhere; here it is not installed
from gongkai.site.cli import main
try:
    status = main(["read", sys.argv[1], "--format", "json"])
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open(sys.argv[2], "w") as report:
        json.dump(used.ru_utime + used.ru_stime, report)
sys.exit(status)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `status` is None when the process had to be ended: out of time, or crashed."""

    status: int | None
    seconds: float
    out: str
    err: str

    @property
    def tasks(self) -> list[dict[str, object]]:
        """The tasks read."""
        found: list[dict[str, object]] = json.loads(self.out)["tasks"]
        return found


def read(path: Path, scratch: Path) -> Outcome:
    """Run the command on `path`; whatever happens to it happens there."""
    report = scratch / "report.json"
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(path), str(report), str(MEMORY), str(SECONDS)],
            capture_output=True,
            timeout=3 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(None, 3.0 * SECONDS, "", "no end within the time allowed")
    seconds = float(json.loads(report.read_text())) if report.exists() else SECONDS + 2.0
    return Outcome(
        done.returncode if done.returncode >= 0 else None,
        seconds,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
    )


def assert_refusal(outcome: Outcome, says: str) -> None:
    """One Chinese line that says what is wrong (matching `says`) and what to do, in time."""
    assert outcome.status is not None, f"the process had to be ended: {outcome.err[-300:]}"
    assert outcome.status == 2, f"status {outcome.status}: {outcome.out[:200]} {outcome.err[-600:]}"
    lines = outcome.err.strip().split("\n")
    assert len(lines) == 1, outcome.err[-600:]
    line = lines[0]
    assert "Traceback" not in line
    assert re.search("[\u4e00-\u9fff]{4}", line), line
    assert re.search(says, line), line
    assert re.search("请|先|可以|拒绝", line), f"does not say what to do: {line}"
    assert outcome.seconds < SECONDS, f"took {outcome.seconds:.1f} s"
