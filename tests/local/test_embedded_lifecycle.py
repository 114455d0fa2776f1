"""Up, down and everything that can happen between: a home is always taken up or cleaned up."""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from cli.main import run
from cli.platform import NotUpError, Platform, PlatformError
from infra.local import assembly as assemblies
from infra.local import emulator
from infra.local.bring_up import bring_up, find_standing, take_down
from infra.local.clients import Clients
from infra.local.errors import AssemblyError, EmulatorError
from infra.local.home import PROJECT, Home, read_json, write_json
from infra.local.surroundings import PORT_VARIABLE
from tests.local.conftest import ignore
from tests.patience import PATIENCE_S, wait_until

pytestmark = pytest.mark.local

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil spells it


def _pid(home: Home) -> int:
    found = emulator.find(home)
    assert found
    return found.pid


def _kill(home: Home) -> None:
    os.kill(_pid(home), signal.SIGKILL)
    wait_until("the end of the emulator", lambda: not emulator.find(home))


def _up_process() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "up"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_up_finds_everything_standing(own_home: Home) -> None:
    first = bring_up(own_home, ignore)
    said: list[str] = []
    second = bring_up(own_home, said.append)
    assert second == first
    assert said == []


def test_what_tables_and_buckets_hold_survives_a_stop(own_home: Home) -> None:
    bring_up(own_home, ignore)
    platform = Platform.connect(own_home.folder)
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    platform.client("dynamodb").put_item(TableName=platform.table("intake"), Item=item)
    platform.client("s3").put_object(Bucket=platform.work_bucket, Key="a", Body=b"kept")
    take_down(own_home, wipe=False, tell=ignore)
    with pytest.raises(NotUpError):
        find_standing(own_home)
    bring_up(own_home, ignore)
    again = Platform.connect(own_home.folder)
    found = again.client("dynamodb").get_item(TableName=again.table("intake"), Key=item)
    assert found["Item"] == item
    assert again.read(again.work_bucket, "a") == b"kept"


def test_after_a_kill_buckets_are_taken_up_with_their_versions_and_settings(
    own_home: Home,
) -> None:
    bring_up(own_home, ignore)
    platform = Platform.connect(own_home.folder)
    s3 = platform.client("s3")
    first = s3.put_object(Bucket=platform.drops_bucket, Key="a", Body=b"one")["VersionId"]
    s3.put_object(Bucket=platform.drops_bucket, Key="a", Body=b"two")
    platform.client("s3").put_object(
        Bucket=platform.records_bucket, Key="r", Body=b"kept", IfNoneMatch="*"
    )
    _kill(own_home)
    said: list[str] = []
    bring_up(own_home, said.append)
    assert "rebuilding the tables from the records" in said
    again = Platform.connect(own_home.folder)
    s3 = again.client("s3")
    assert again.read(again.records_bucket, "r") == b"kept"
    assert again.read(again.drops_bucket, "a") == b"two"
    old = s3.get_object(Bucket=again.drops_bucket, Key="a", VersionId=first)
    assert old["Body"].read() == b"one"
    versioning = s3.get_bucket_versioning(Bucket=again.drops_bucket)
    assert versioning["Status"] == "Enabled"
    announced = s3.get_bucket_notification_configuration(Bucket=again.drops_bucket)
    assert "EventBridgeConfiguration" in announced
    with pytest.raises(s3.exceptions.ClientError):
        s3.put_object(Bucket=again.records_bucket, Key="r", Body=b"new", IfNoneMatch="*")


def test_after_a_kill_what_kms_wrapped_still_opens_and_a_wipe_forgets_it(own_home: Home) -> None:
    bring_up(own_home, ignore)
    kms = Platform.connect(own_home.folder).client("kms")
    ids = [key["KeyId"] for key in kms.list_keys()["Keys"]]
    known = [kms.describe_key(KeyId=one)["KeyMetadata"] for one in ids]
    (key,) = [one for one in known if one["KeyUsage"] == "ENCRYPT_DECRYPT"]
    context = {"ring": "07"}
    made = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext=context)
    _kill(own_home)
    bring_up(own_home, ignore)
    again = Platform.connect(own_home.folder).client("kms")
    opened = again.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    assert own_home.keys.stat().st_mode & 0o077 == 0
    take_down(own_home, wipe=True, tell=ignore)
    assert not own_home.keys.exists()


@pytest.mark.parametrize("seconds", [0.4, 1.2, 2.0, 2.8])
def test_an_up_that_is_interrupted_is_taken_up_by_the_next(own_home: Home, seconds: float) -> None:
    process = _up_process()
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    bring_up(own_home, ignore)
    assert run(["status"]) == 0


def test_an_emulator_that_dies_while_deploying_is_told_in_one_sentence_and_taken_up(
    own_home: Home,
) -> None:
    process = _up_process()
    wait_until("the emulator", lambda: emulator.find(own_home))
    running = emulator.find(own_home)
    assert running
    wait_until("its first answer", running.answers)
    time.sleep(0.3)
    _kill(own_home)
    _, told = process.communicate(timeout=PATIENCE_S)
    if process.returncode:
        assert process.returncode == 1
        assert "Traceback" not in told
    bring_up(own_home, ignore)
    assert run(["status"]) == 0


def test_an_emulator_that_hangs_is_ended_and_started_anew(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_home.prepare()
    before = emulator.ensure(own_home, ignore)
    os.kill(before.pid, signal.SIGSTOP)
    monkeypatch.setattr(emulator, "_ANSWER_PATIENCE_S", 0.2)
    after = emulator.ensure(own_home, ignore)
    assert after.pid != before.pid
    assert after.answers()


def test_two_homes_do_not_disturb_each_other(own_home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    for home in (own_home, other):
        home.prepare()
    first, second = (emulator.ensure(home, ignore) for home in (own_home, other))
    assert first.port != second.port
    take_down(other, wipe=True, tell=ignore)
    assert first.answers()
    assert not second.answers()


def test_a_stale_process_file_leads_to_nobody(own_home: Home) -> None:
    own_home.prepare()
    write_json(own_home.process, {"pid": os.getpid(), "port": 1})
    assert emulator.find(own_home) is None
    assert take_down(own_home, wipe=False, tell=ignore) is False
    assert emulator.ensure(own_home, ignore).answers()


def test_wiping_a_home_leaves_what_is_not_ours(own_home: Home) -> None:
    own_home.prepare()
    emulator.ensure(own_home, ignore)
    (own_home.folder / "letter.txt").write_text("mine")
    take_down(own_home, wipe=True, tell=ignore)
    left = {path.name for path in own_home.folder.iterdir()}
    assert left == {"command.lock", "letter.txt"}


def test_a_wanted_port_that_is_in_use_is_told_in_one_sentence(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_home.prepare()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        monkeypatch.setenv(PORT_VARIABLE, port)
        with pytest.raises(EmulatorError, match=rf"port {port} .* in use"):
            emulator.ensure(own_home, ignore)


def test_a_full_disk_is_told_in_one_sentence(
    own_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 99, 2**20))
    assert run(["up"]) == 1
    told = capsys.readouterr()
    assert "is full: 1 MB are free" in told.err
    assert own_home.folder.name in told.err
    assert told.out == ""


def test_a_home_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PlatformError, match="cannot be used"):
        bring_up(Home(tmp_path / "file" / "home"), ignore)


def test_a_machine_without_node_is_told_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemblies, "ASSEMBLIES", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(AssemblyError, match=r"Node is needed .* make setup"):
        assemblies.assembly("local", ignore)


def test_status_of_a_home_that_is_down_is_one_document_and_a_failure(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["healthy"] is False
    assert str(own_home.folder) in document["parts"][0]["detail"]


def test_wrong_usage_is_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--no-such-option"]) == 2
    assert run(["no-such-command"]) == 2
    assert capsys.readouterr().out == ""


def test_an_unreadable_document_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"pid": ')
    assert read_json(tmp_path / "half.json") is None
    assert read_json(tmp_path / "missing.json") is None


@pytest.mark.parametrize("text", ["", "{}", '{"pid": ', '{"pid": "x", "port": 1}', None])
def test_a_process_file_that_was_lost_or_garbled_is_written_anew(
    own_home: Home, text: str | None
) -> None:
    own_home.prepare()
    running = emulator.ensure(own_home, ignore)
    if text is None:
        own_home.process.unlink()
    else:
        own_home.process.write_text(text)
    assert emulator.find(own_home) == running
    assert take_down(own_home, wipe=False, tell=ignore) is True
    assert not running.answers()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"digest": 1}', '{"outputs": {}}'])
def test_a_garbled_note_of_what_is_deployed_is_deployed_again(own_home: Home, text: str) -> None:
    first = bring_up(own_home, ignore)
    own_home.deployed.write_text(text)
    with pytest.raises(NotUpError, match="half up"):
        find_standing(own_home)
    assert bring_up(own_home, ignore) == first


@pytest.mark.parametrize("loss", ["state", "a file of state", "truncated", "garbled", "objects"])
def test_a_home_that_lost_a_part_while_it_was_down_is_taken_up(own_home: Home, loss: str) -> None:
    bring_up(own_home, ignore)
    platform = Platform.connect(own_home.folder)
    platform.client("s3").put_object(Bucket=platform.work_bucket, Key="a", Body=b"kept")
    take_down(own_home, wipe=False, tell=ignore)
    saved = [path for path in sorted(own_home.state.rglob("*")) if path.is_file()]
    if loss in {"state", "objects"}:
        shutil.rmtree(own_home.state if loss == "state" else own_home.objects)
    for path in saved if loss not in {"state", "objects"} else []:
        if loss == "a file of state":
            path.unlink()
        else:
            body = path.read_bytes()
            path.write_bytes(body[: len(body) // 2] if loss == "truncated" else b"\x00garbage")
    assert run(["up"]) == 0
    assert run(["status"]) == 0
    if loss != "objects":
        again = Platform.connect(own_home.folder)
        assert again.read(again.work_bucket, "a") == b"kept"


def test_an_emulator_whose_home_is_removed_ends_itself_and_its_workers(own_home: Home) -> None:
    own_home.prepare()
    running = emulator.ensure(own_home, ignore)
    _invoke_once(Clients(running.endpoint))
    group = [pid for pid, leader in _processes() if leader == running.pid]
    assert len(group) >= 2
    shutil.rmtree(own_home.folder)
    wait_until(
        "the end of the emulator and its workers",
        lambda: running.pid not in {leader for _, leader in _processes()},
    )
    assert not own_home.folder.exists()


def _invoke_once(clients: Clients) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", "def main(event, context):\n    return 1\n")
    clients.get("lambda").create_function(
        FunctionName="once",
        Runtime="python3.13",
        Handler="handler.main",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": packed.getvalue()},
    )
    clients.get("lambda").invoke(FunctionName="once")


def _processes() -> list[tuple[int, int]]:
    """Return every process that runs and the leader of its group."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,stat="],  # noqa: S607 - the machine's own
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split() for line in listed.stdout.splitlines())
    return [(int(pid), int(leader)) for pid, leader, state in rows if state[0] != "Z"]
