"""A first start that is killed."""

from __future__ import annotations

import os
import signal
import time

from tests.site.hands import Site


def test_a_killed_load_leaves_nothing(bare: Site) -> None:
    """Killed in the middle, nothing is there, and the next start loads all of it."""
    loading = bare.start("demo", "--no-serve")
    time.sleep(6)
    assert loading.poll() is None
    os.killpg(loading.pid, signal.SIGKILL)
    loading.wait()
    assert "留痕完好：0条" in bare.run("verify")
    assert "chen.yu" in bare.run("demo", "--no-serve")
    assert "407项" in bare.run("rebuild")
    assert "留痕完好" in bare.run("verify")
