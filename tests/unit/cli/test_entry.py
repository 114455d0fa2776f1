"""The command's first moments: closed streams, an early Ctrl-C, a home that cannot be one."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import run
from infra.local.home import HOME_VARIABLE, PROJECT
from tests.patience import PATIENCE_S

BACKOFFICE = Path(sys.executable).with_name("backoffice")
COMMANDS = (["up"], ["down"], ["status"], ["export", "lots", "--format", "csv"])


def _shell(line: str, home: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - the project's own command
        ["/bin/sh", "-c", line],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, HOME_VARIABLE: str(home)},
    )


def test_a_closed_standard_output_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = _shell(f"exec {BACKOFFICE} status >&-", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "backoffice: standard output is closed\n"


def test_a_full_standard_output_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = _shell(f"exec {BACKOFFICE} status --json >/dev/full", tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "full" in done.stderr


def test_without_a_standard_error_the_answer_is_what_it_would_be(tmp_path: Path) -> None:
    done = _shell(f"exec {BACKOFFICE} status --json <&- 2>&-", tmp_path)
    assert done.returncode == 1
    assert '"healthy": false' in done.stdout


def test_an_interrupt_while_the_command_loads_is_told_in_one_word(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text(
        "import time\nprint('loading', flush=True)\nwhile True:\n    time.sleep(0.01)\n"
    )
    process = subprocess.Popen(  # noqa: S603 - the project's own command
        [BACKOFFICE, "status"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path), HOME_VARIABLE: str(tmp_path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, told) == (130, "Aborted.\n")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("home", ["~nosuchuser/x", "file", "file/inside", "circle/inside"])
def test_a_home_that_can_be_no_folder_is_told_in_one_sentence(
    command: list[str],
    home: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    monkeypatch.setenv(HOME_VARIABLE, home if home[0] == "~" else str(tmp_path / home))
    assert run(command) == 1
    told = capsys.readouterr()
    # a table folds a long path at its own width: what is between the words is no matter
    said = "".join(letter for letter in told.out + told.err if letter.isalpha())
    assert "lead" in said or "isafilenotafolder" in said
    assert "Traceback" not in said
    assert (tmp_path / "file").read_text() == "in the way"


def test_an_interrupted_setup_says_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    for name in ("infra/setup.sh", "uv.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    fake = tmp_path / "python"
    fake.write_text(
        "#!/bin/bash\n"
        'case "$2" in *executable*) echo "$0"; exit;; esac\n'
        f'[ "$1" = -c ] && exec {sys.executable} "$@"\n'
        "trap 'echo Traceback >&2; exit 1' INT\n"
        "echo fetching\n"
        "while :; do sleep 0.1; done\n"
    )
    fake.chmod(0o755)
    process = subprocess.Popen(  # noqa: S603 - the project's own script
        ["/bin/bash", str(tmp_path / "infra" / "setup.sh")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHON": str(fake)},
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "fetching\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "setup: interrupted; run it again, it goes on where it stood"
    assert "Traceback" not in told
