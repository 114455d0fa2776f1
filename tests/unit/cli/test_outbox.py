"""`backoffice outbox`: what partners would fetch, and nothing outside the folder asked for."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from backoffice.formats.iso20022.envelope import headed, wrap
from backoffice.formats.iso20022.header_writer import header_writer
from backoffice.formats.iso20022.instruction_writer import write_instruction
from backoffice.formats.iso20022.packing import pack
from cli.commands import books
from cli.platform import Platform, PlatformError
from tests.unit.market.samples import PARTIES, obligation

MESSAGES = {n: write_instruction(obligation(obligation_id=n), PARTIES) for n in ("OB-1", "OB-2")}
HEAD = header_writer("sese.023.001.11", PARTIES.us, PARTIES.depository, date(2026, 10, 9))
HEADED = [headed(HEAD(name), message) for name, message in MESSAGES.items()]
ARCHIVE = pack([("instructions-0001.xml", wrap(HEADED))])


class Outbox:
    """A platform that has nothing but an outbox."""

    outbox_bucket = "outbox"

    def __init__(self, held: dict[str, bytes]) -> None:
        self._held = held

    def keys(self, _bucket: str, prefix: str) -> list[str]:
        return [key for key in self._held if key.startswith(prefix)]

    def read(self, _bucket: str, key: str) -> bytes:
        return self._held[key]


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def hold(**held: bytes) -> None:
        outbox = Outbox({key.replace("__", "/"): body for key, body in held.items()})
        monkeypatch.setattr(Platform, "connect", lambda _home: outbox)

    return hold


def test_each_message_is_a_file_below_its_archive(
    holding: Callable[..., None], tmp_path: Path
) -> None:
    key = "outbox/market/2026-10-09"
    holding(**{f"{key}/instructions-cut-off.zip": ARCHIVE, f"{key}/report.json": b"{}"})
    books.outbox(tmp_path, as_json=True)
    folder = tmp_path / "market" / "2026-10-09"
    assert (folder / "report.json").read_bytes() == b"{}"
    for name, message in MESSAGES.items():
        assert (folder / "instructions-cut-off" / f"{name}.xml").read_bytes() == message
        header = (folder / "instructions-cut-off" / f"{name}.head").read_bytes()
        assert header.endswith(HEAD(name) + b"\n")
    assert len(list(folder.rglob("*.xml"))) == len(MESSAGES)


def test_nothing_is_written_outside_the_folder(
    holding: Callable[..., None], tmp_path: Path
) -> None:
    holding(**{"outbox/../2026-10-09/report.json": b"{}"})
    with pytest.raises(PlatformError, match="outside"):
        books.outbox(tmp_path / "out", as_json=True)
    assert not (tmp_path / "2026-10-09").exists()
