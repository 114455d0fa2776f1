"""The market at work on S3: the outbox in, drops out."""

from pathlib import Path

import pytest

from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.instruction_writer import write_cancellation, write_instruction
from backoffice.formats.iso20022.packing import pack
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import PARTIES, obligation
from tests.unit.market.stores import MONDAY, TUESDAY, WEDNESDAY, Platform


def test_a_due_instruction_is_confirmed_in_one_file_of_the_day(platform: Platform) -> None:
    platform.instruct(MONDAY, "OB-1", "OB-2")
    assert platform.run(MONDAY) == []
    assert platform.run(TUESDAY) == ["drops/market/2026-01-06/status-1.xml"]
    assert platform.said("drops/market/2026-01-06/status-1.xml") == [
        ("OB-1", "SETTLED"),
        ("OB-2", "SETTLED"),
    ]


def test_running_the_day_again_drops_the_identical_file(platform: Platform) -> None:
    platform.instruct(MONDAY, "OB-1")
    platform.cancel(MONDAY, "OB-X")
    keys = platform.run(TUESDAY)
    before = [platform.body(key) for key in keys]
    assert platform.run(TUESDAY) == keys
    assert [platform.body(key) for key in keys] == before


def test_what_comes_after_the_market_ran_goes_into_the_days_next_file(platform: Platform) -> None:
    platform.instruct(MONDAY, "OB-1")
    (first,) = platform.run(TUESDAY)
    platform.cancel(TUESDAY, "OB-1")
    platform.instruct(TUESDAY, "OB-2", number=2)
    keys = platform.run(TUESDAY)
    assert keys == [first, "drops/market/2026-01-06/status-2.xml"]
    assert platform.said(keys[1]) == [("OB-1", "CANCEL_REFUSED"), ("OB-2", "SETTLED")]


def test_what_was_confirmed_is_known_from_former_drops(platform: Platform) -> None:
    platform.instruct(MONDAY, "OB-1")
    platform.run(TUESDAY)
    platform.instruct(TUESDAY, "OB-2")
    (key,) = platform.run(WEDNESDAY)
    assert platform.said(key) == [("OB-2", "SETTLED")]


def test_later_days_are_not_looked_at(platform: Platform) -> None:
    platform.instruct(WEDNESDAY, "OB-1", settlement_date=MONDAY)
    platform.s3.put_object(
        Bucket="drops", Key="drops/market/2026-01-07/status-1.xml", Body=b"not yet"
    )
    assert platform.run(TUESDAY) == []


def test_a_settled_instruction_is_refused_cancellation_though_its_file_is_not_read_again(
    platform: Platform,
) -> None:
    platform.instruct(MONDAY, "OB-1")
    platform.run(TUESDAY)
    platform.cancel(TUESDAY, "OB-1")
    (key,) = platform.run(WEDNESDAY)
    row = read_status(platform.body(key)).statuses.row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("CANCEL_REFUSED", "DSET")


def test_a_request_to_cancel_is_answered_before_its_instruction_is_due(platform: Platform) -> None:
    platform.instruct(MONDAY, "OB-1", settlement_date=WEDNESDAY)
    platform.cancel(MONDAY, "OB-1")
    (key,) = platform.run(MONDAY)
    assert platform.said(key) == [("OB-1", "CANCEL_ACCEPTED")]


def test_what_a_script_rejects_is_rejected_before_it_is_due(
    platform: Platform, tmp_path: Path
) -> None:
    script = tmp_path / "script.toml"
    script.write_text('[[answer]]\ndo = "reject"\nobligation = "OB-1"\n')
    platform.instruct(MONDAY, "OB-1", "OB-2", settlement_date=WEDNESDAY)
    (key,) = platform.run(MONDAY, str(script))
    assert platform.said(key) == [("OB-1", "REJECTED")]


def test_other_objects_do_not_concern_the_market(platform: Platform) -> None:
    platform.post(MONDAY, "statement.pdf", b"%PDF")
    platform.post(MONDAY, "instructions-1.zip.tmp", b"")
    platform.s3.put_object(Bucket="drops", Key="drops/market/2026-01-05/trades.csv", Body=b"")
    platform.s3.put_object(Bucket="drops", Key="drops/acme/2026-01-05/status-1.xml", Body=b"")
    assert platform.run(TUESDAY) == []


def test_none_reads_nothing_and_says_nothing(platform: Platform) -> None:
    platform.post(MONDAY, "instructions-1.zip", b"broken")
    assert platform.run(TUESDAY, "none") == []


def test_files_that_are_no_instructions_are_rejected_without_a_reference(
    platform: Platform,
) -> None:
    lacking = write_instruction(obligation(obligation_id="OB-1"), PARTIES).replace(
        b"<SfkpgAcct><Id>OUR-ACCOUNT-1</Id></SfkpgAcct>", b""
    )
    other = write_cancellation(obligation(obligation_id="OB-2"), PARTIES)
    files = [("a.xml", lacking), ("b.xml", other), ("c.xml", b"<no xml")]
    platform.post(MONDAY, "instructions-1.zip", pack(files))
    platform.post(MONDAY, "cancellations-1.zip", pack([("d.xml", lacking)]))
    (key,) = platform.run(MONDAY)
    assert sorted(platform.said(key)) == [
        ("NONREF", "CANCEL_REFUSED"),
        ("NONREF", "REJECTED"),
        ("NONREF", "REJECTED"),
    ]
    (key,) = platform.run(TUESDAY)
    assert platform.said(key) == [("OB-1", "REJECTED")]
    assert platform.run(WEDNESDAY) == []


def test_a_broken_archive_stops_the_market(platform: Platform) -> None:
    platform.post(MONDAY, "instructions-1.zip", b"broken")
    with pytest.raises(BadFileError, match="archive"):
        platform.run(MONDAY)


def test_many_files_of_many_days_are_read_page_by_page(platform: Platform) -> None:
    for number in range(3):
        platform.instruct(MONDAY, f"OB-{number}", number=number)
    platform.s3.put_object(
        Bucket="drops", Key="drops/market/2026-01-05/status-9.xml", Body=wrap([_advice()])
    )
    assert len(platform.said(platform.run(TUESDAY)[0])) == 3
    assert platform.run(MONDAY)[-1] == "drops/market/2026-01-05/status-9.xml"


def _advice() -> bytes:
    return (
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:sese.024.001.12"><SctiesSttlmTxStsAdvc>'
        b"<TxId><AcctOwnrTxId>OB-OLD</AcctOwnrTxId></TxId><MtchgSts><Mtchd/></MtchgSts>"
        b"</SctiesSttlmTxStsAdvc></Document>"
    )
