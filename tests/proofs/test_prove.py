"""A proof holds where the project is not, and no change of it passes."""

import base64
import json
import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from backoffice.records.listing import record_id
from backoffice.records.proving.proofs import Archive, NotProvableError, prove
from backoffice.records.proving.trail import prove_record
from backoffice.records.search.find import Finder
from backoffice.records.search.runs import index_records
from backoffice.records.signatures import to_pem
from backoffice.records.standalone import verify_records
from tests.simulation.fixed_signer import FixedSigner
from tests.simulation.house import House
from tests.simulation.memory import WorkMemory
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, run

KEY = to_pem(FixedSigner().public_key())


@pytest.fixture(scope="module")
def house() -> House:
    return run(House(), *DAYS)


@pytest.fixture(scope="module")
def finder(house: House) -> Finder:
    work = WorkMemory("work")
    index_records(house.records, work)
    return Finder(work)


@pytest.fixture(scope="module")
def proof(house: House, finder: Finder) -> bytes:
    return prove_record(Archive(house.records), finder, "A-7")


def _holds(body: bytes, folder: Path, **given: object) -> list[str]:
    path = folder / "proof.json"
    path.write_bytes(body)
    lines, keys = verify_records.verify(path, **given)  # type: ignore[arg-type]
    assert keys == {KEY}
    return lines


def test_every_sealed_record_can_be_proven(house: House, finder: Finder, tmp_path: Path) -> None:
    archive = Archive(house.records)
    sealed = [row["key"] for row in house.table("records")]
    for key in sealed[::3]:
        lines = _holds(prove_record(archive, finder, key), tmp_path, trusted=KEY)
        assert lines[0].startswith(key)
        assert lines[-1].startswith(f"chain unbroken to {THIRD}: ")
    named = _holds(prove_record(archive, finder, record_id(sealed[0])), tmp_path)
    assert named == _holds(prove_record(archive, finder, sealed[0]), tmp_path)


def test_a_trades_proof_tells_its_file_and_the_books_that_name_it(
    house: House, proof: bytes
) -> None:
    items = json.loads(proof)["items"]
    said = {item["why"]: item["key"] for item in items}
    assert "the file trades-1.csv as it came" in said
    assert "the entry of the file trades-1.csv, row 7" in said
    assert f"the books of {FIRST}, which name it" in said
    assert items[0]["row"] is not None
    assert house.records.objects[said["the file trades-1.csv as it came"]].count(b"A-7") == 1


def test_a_case_is_proven_by_its_id(house: House, finder: Finder, tmp_path: Path) -> None:
    case = house.table("cases")[0]["case_id"]
    assert _holds(prove_record(Archive(house.records), finder, case), tmp_path)


def test_what_is_in_no_seal_cannot_be_proven(house: House, finder: Finder) -> None:
    for asked in ("nothing", f"seals/{THIRD}.json"):
        with pytest.raises(NotProvableError):
            prove_record(Archive(house.records), finder, asked)


def test_a_later_anchor_proves_it_and_a_wrong_one_or_another_key_does_not(
    house: House, proof: bytes, tmp_path: Path
) -> None:
    chain = json.loads(house.records.objects[f"seals/{SECOND}.json"])["chain"]
    assert _holds(proof, tmp_path, anchors=[(str(SECOND), chain)])
    for anchors in ([(str(SECOND), "0" * 64)], [(str(date.max), chain)]):
        with pytest.raises(verify_records.RefusedError):
            _holds(proof, tmp_path, anchors=anchors)
    with pytest.raises(verify_records.RefusedError, match="another key"):
        _holds(proof, tmp_path, trusted=to_pem(FixedSigner(7).public_key()))


def test_any_changed_byte_of_a_proof_is_refused(proof: bytes, tmp_path: Path) -> None:
    seed = 20261007
    chance = random.Random(seed)  # noqa: S311 - replayed by its seed
    for _ in range(500):
        at, mask = chance.randrange(len(proof)), chance.randint(1, 255)
        changed = proof[:at] + bytes([proof[at] ^ mask]) + proof[at + 1 :]
        with pytest.raises(verify_records.RefusedError):
            _holds(changed, tmp_path)


def test_a_forger_who_writes_the_digest_anew_is_refused_too(proof: bytes, tmp_path: Path) -> None:
    def forged(change: object) -> bytes:
        document = json.loads(proof)
        change(document)  # type: ignore[operator]
        del document["digest"]
        import hashlib  # noqa: PLC0415

        digest = hashlib.sha256(verify_records.written(document)).hexdigest()
        return verify_records.written({**document, "digest": digest})

    other, content = "0" * 64, "Zm9yZ2Vk"
    forgeries = [
        lambda d: d["items"][0].update(content=content),
        lambda d: d["items"][0].update(sha256=other),
        lambda d: d["items"][0].update(key="another"),
        lambda d: d["items"][0].update(day=str(THIRD)),
        lambda d: d["items"][0].update(file="/etc/hostname", content=None),
        lambda d: d["items"][0]["steps"].pop(),
        lambda d: d["seals"][0].update(root=other),
        lambda d: d["seals"][1].update(previous_chain=other),
        lambda d: d["seals"].pop(),
        lambda d: d["signatures"].pop(),
        lambda d: d["signatures"][-1].update(signed_at="2001-01-01T00:00:00+00:00"),
        lambda d: d["signatures"][-1].update(signature=content),
        lambda d: d["signatures"][-1].update(public_key=to_pem(FixedSigner(7).public_key())),
        lambda d: d.update(format="another"),
        lambda d: d.update(seals=[]),
        lambda d: d["items"][0].update(steps=None),
        lambda d: d.update(items=[]),
        lambda d: d["signatures"][-1].update(signature=other_of_two(d["signatures"][-1])),
    ]
    for number, forgery in enumerate(forgeries):
        with pytest.raises(verify_records.RefusedError):
            _holds(forged(forgery), tmp_path)
        assert number >= 0
    assert _holds(forged(lambda d: d), tmp_path)


def other_of_two(signature: dict[str, str]) -> str:
    """Make the other signature that holds, as anybody can who has one."""
    r, s = decode_dss_signature(base64.b64decode(signature["signature"]))
    return base64.b64encode(encode_dss_signature(r, verify_records.ORDER - s)).decode()


def test_a_proof_of_nothing_is_neither_made_nor_taken(house: House) -> None:
    with pytest.raises(NotProvableError, match="nothing to prove"):
        prove(Archive(house.records), "nothing", [], house.records.read_bytes)


def test_the_verifier_runs_where_the_project_is_not(proof: bytes, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_bytes(proof)
    (tmp_path / "firm.pem").write_text(KEY)
    script = tmp_path / "verify_records.py"
    script.write_bytes(Path(verify_records.__file__).read_bytes())
    command = [sys.executable, "-I", str(script), "proof.json", "--key", "firm.pem"]
    # isolated: neither the project's folder nor its environment is seen
    run_ = subprocess.run(  # noqa: S603
        command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (run_.returncode, run_.stdout.splitlines()[-1]) == (0, "PROVEN"), run_.stdout
    (tmp_path / "proof.json").write_bytes(proof.replace(b"A-7", b"A-8", 1))
    run_ = subprocess.run(  # noqa: S603
        command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run_.returncode == 1
    assert "REFUSED" in run_.stdout
