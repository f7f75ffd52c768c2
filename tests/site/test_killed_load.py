"""A first start that is killed. By itself in a file: the load is long, and other workers need not wait for it."""

from __future__ import annotations

import os
import signal
import time

from tests.site.hands import Site


def test_a_killed_load_leaves_nothing(bare: Site) -> None:
    """Killed in the middle, the next start loads all of it: 204 matters of plans and schemes, and 203 of cases."""
    loading = bare.start("demo", "--no-serve")
    time.sleep(3)
    os.killpg(loading.pid, signal.SIGKILL)
    loading.wait()
    assert "chen.yu" in bare.run("demo", "--no-serve")
    assert "407项" in bare.run("rebuild")
    assert "留痕完好" in bare.run("verify")
