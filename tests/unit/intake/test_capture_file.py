"""A dropped file's way: planned, its ranges captured, committed once."""

from datetime import date

import polars as pl
import pytest

from backoffice.formats.opened_originals import opened_original
from backoffice.formats.readers import READERS
from backoffice.formats.row_planners import PLANS
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.formats.sealed_originals import SealedOriginals
from backoffice.intake.capture_file import capture_range
from backoffice.intake.commit_file import commit_file
from backoffice.intake.documents import CapturedRange, FileEntry
from backoffice.intake.plan_file import plan_file
from tests.simulation.key_ring import KeysInMemory
from tests.simulation.memory import DropMemory, Fuse, RecordMemory, WorkMemory

KEYS = KeysInMemory()
SEALS = SealedOriginals(KEYS)
KEY = "drops/alpha/2026-03-02/prices-1.csv"
HEADER = b"note,currency,isin,date,close\n"
ROWS = b"x,USD,US0378331005,2026-03-02,1.50\n,USD,US0378331005,2026-03-02,0\n"


class Filed:
    """Stores with one dropped file that went the whole way."""

    def __init__(self, body: bytes, range_bytes: int = 2**20) -> None:
        fuse = Fuse()
        drops, self.work = DropMemory("drops", fuse), WorkMemory("work", fuse)
        self.records = RecordMemory("records", fuse)
        drops.objects[KEY] = body
        planned = plan_file(drops, self.work, KEY, None, PLANS, range_bytes=range_bytes)
        self.captured: list[CapturedRange] = [
            capture_range(
                drops,
                self.work,
                planned.plan,
                found,
                zones={},
                readers=READERS,
                seals=SealedColumns(KeysInMemory()),
            )
            for found in planned.ranges
        ]
        self.entry: FileEntry = commit_file(
            self.records,
            drops,
            self.work,
            planned.plan,
            self.captured,
            SEALS,
        )


def test_the_rows_of_a_range_are_captured_or_rejected_with_their_number_in_the_file() -> None:
    filed = Filed(HEADER + ROWS)
    rows = filed.work.read_all(filed.entry.parts)
    rejects = filed.work.read_all(filed.entry.rejects)
    assert rows is not None
    assert rejects is not None
    assert rows.rows(named=True) == [
        {
            "partner": "alpha",
            "business_date": date(2026, 3, 2),
            "file": "prices-1.csv",
            "row": 1,
            "isin": "US0378331005",
            "date": date(2026, 3, 2),
            "close_e8": 150_000_000,
            "currency": "USD",
            "unknown": '{"note":"x"}',
        }
    ]
    assert rejects.select("row", "field", "code").rows() == [(2, "close", "BAD_FORMAT")]
    assert (filed.entry.rows, filed.entry.captured, filed.entry.rejected) == (2, 1, 1)
    assert filed.entry.unknown_columns == ("note",)


@pytest.mark.parametrize("range_bytes", [1, 40, 60])
def test_rows_keep_their_number_however_the_file_is_cut(range_bytes: int) -> None:
    whole, cut = Filed(HEADER + ROWS * 3), Filed(HEADER + ROWS * 3, range_bytes)
    assert len(whole.captured) == 1
    assert len(cut.captured) > 1
    for parts in ("parts", "rejects"):
        one, many = (f.work.read_all(getattr(f.entry, parts)) for f in (whole, cut))
        assert isinstance(one, pl.DataFrame)
        assert isinstance(many, pl.DataFrame)
        assert one.equals(many)


def test_a_header_that_lacks_a_column_refuses_the_file() -> None:
    filed = Filed(b"isin,currency\nUS0378331005,USD\n")
    assert filed.entry.refusal == "the prices file lacks the columns date, close"
    assert (filed.captured, filed.entry.parts, filed.entry.captured) == ([], (), 0)


def test_a_refused_file_is_kept_as_it_came() -> None:
    filed = Filed(b"\xff\xfe")
    assert filed.entry.refusal
    kept = filed.records.objects[str(filed.entry.original)]
    assert b"\xff\xfe" not in kept
    assert opened_original(kept, KEYS, filed.entry.sha256) == b"\xff\xfe"


def test_what_comes_under_the_key_later_changes_nothing_of_a_planned_file() -> None:
    fuse = Fuse()
    drops, work = DropMemory("drops", fuse), WorkMemory("work", fuse)
    records = RecordMemory("records", fuse)
    drops.objects[KEY] = HEADER + ROWS
    planned = plan_file(drops, work, KEY, None, PLANS)
    drops.objects[KEY] = HEADER + ROWS.replace(b"1.50", b"9.75")
    captured = capture_range(
        drops, work, planned.plan, planned.ranges[0],
        zones={}, readers=READERS, seals=SealedColumns(KeysInMemory()),
    )  # fmt: skip
    entry = commit_file(records, drops, work, planned.plan, [captured], SEALS)
    rows = work.read_all(entry.parts)
    assert rows is not None
    assert rows["close_e8"].to_list() == [150_000_000]
    assert records.objects[str(entry.original)] == HEADER + ROWS


@pytest.mark.parametrize(
    "key",
    [
        "drops/p/2026-10-07/",
        "drops/p/2026-10-07/sub/trades.csv",
        "drops/p/2026-13-07/trades.csv",
        "drops/p/0000-01-01/trades.csv",
        "drops/p/trades.csv",
        "drops/../2026-10-07/trades.csv",
        "drops/p/2026-10-07/..",
        f"drops/p/2026-10-07/{'t' * 900}.csv",
    ],
)
def test_a_key_that_is_no_drop_is_left_alone_with_the_reason(key: str) -> None:
    drops, work = DropMemory("drops"), WorkMemory("work")
    drops.objects[key] = HEADER + ROWS
    planned = plan_file(drops, work, key, None, PLANS)
    assert (planned.outcome, planned.ranges, work.objects) == ("NOT_A_DROP", (), {})
    assert key[:100] in str(planned.reason)
