"""Each benchmark at a small size: both sides run, and come to the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SMALL = {
    "ledger": ("--postings", "500"),
    "lots": ("--trades", "300"),
    "as_of": ("--days", "6", "--trades", "400"),
    "validate": ("--rows", "300", "--mutated", "600"),
    "messages": ("--fix-messages", "300", "--messages", "40", "--kinds", "sese.025", "camt.053"),
    "net": ("--trades", "3000"),
    "match": ("--lines", "3000"),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_run_comes_to_the_same_on_every_side(name: str, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    script = str(ROOT / "bench" / f"{name}.py")
    done = subprocess.run(  # noqa: S603 - a script of this repository
        [sys.executable, script, *SMALL[name], "--runs", "1", "--json", str(result)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(result.read_text())
    assert found["name"] == name
    assert found["targets"]
