"""The examples of docs/api.md are run by curl as they stand there, and answered as it says."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.api.gateway import Gateway
from tests.unit.front_office.served_house import priced_house

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
SAID = re.compile(r"```sh\n# (\d+)\n(.*?)```\n\n?```json\n(.*?)```", re.DOTALL)
# curl itself, but that it says the status behind the answer
QUIET = """curl() { command curl -sS --max-time 30 -w '\\n%{http_code}' "$@"; }\n"""
CHANGES = {"age_days", "source"}
"""What depends on the day it is asked, and on who wrote the part."""


class Example(NamedTuple):
    """A command, and what it is answered."""

    status: int
    command: str
    answer: Any


EXAMPLES = [
    Example(int(status), command, json.loads(answer))
    for status, command, answer in SAID.findall(GUIDE.read_text())
]


@pytest.fixture(scope="module")
def served(address: str, gateway: Gateway) -> str:
    gateway.serve_house(priced_house())
    return address


def test_every_command_has_its_answer() -> None:
    assert len(EXAMPLES) == GUIDE.read_text().count("```sh") > 10


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_the_examples_are_answered_as_the_guide_says_one_after_the_other(served: str) -> None:
    for number, example in enumerate(EXAMPLES, start=1):
        status, answer = _run(served, example.command)
        said = _lasting(example.answer)
        assert (status, answer) == (example.status, said), f"{number}: {json.dumps(answer)}"


def _run(served: str, command: str) -> tuple[int, Any]:
    ran = subprocess.run(  # noqa: S603 - what stands in the guide
        ["/bin/bash", "-c", QUIET + command],
        env={**os.environ, "API": served, "TOKEN": "token-of-app"},
        capture_output=True,
        text=True,
        check=True,
    )
    body, _, status = ran.stdout.rpartition("\n")
    return int(status), _lasting(json.loads(body))


def _lasting(answer: Any) -> Any:  # noqa: ANN401 - any JSON object
    return {name: value for name, value in answer.items() if name not in CHANGES}
