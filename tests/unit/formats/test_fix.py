"""Execution reports of FIX: what each tag becomes, what is rejected and why, what is no row."""

import json
from collections.abc import Sequence

import polars as pl
import pytest

from backoffice.formats.delimited_grammar import MAX_ROW_BYTES
from backoffice.formats.fix.execution_reports import read_reports
from backoffice.formats.fix.messages import message_fields
from backoffice.formats.fix.planning import plan_messages
from backoffice.kernel.errors import BadFileError
from tests.reference.fix_writing import SOH, Field, fields_of, framed, message
from tests.reference.samples import lei, trade

ROW = trade("T-1", "BUY", "10", "100.5", order_id="O-1", commission="1.95", locate_id="L-1")
FIELDS = fields_of(ROW)
OTHER_LEI = lei(77)


def read(*lines: bytes) -> pl.DataFrame:
    data = b"\n".join(lines)
    found = plan_messages([data], 2**20)
    [part] = found.ranges
    return read_reports(found.header, data[part.start : part.end], part.first_row)


def row_of(fields: Sequence[Field], separator: str = SOH) -> dict[str, object]:
    return read(message(fields, separator)).row(0, named=True)


def changed(**tags: str) -> list[Field]:
    """Give a good message with some tags changed, an empty one left out, a new one added."""
    values = {name.removeprefix("t"): value for name, value in tags.items()}
    fields = [(tag, values.pop(tag, value)) for tag, value in FIELDS]
    return [field for field in fields if field[1]] + list(values.items())


def party(role: str, name: str, source: str = "N") -> list[Field]:
    return [("448", name), ("447", source), ("452", role)]


def with_parties(*parties: list[Field]) -> list[Field]:
    fields = [field for field in FIELDS if field[0] not in ("453", "448", "447", "452")]
    return [*fields, ("453", str(len(parties))), *(field for each in parties for field in each)]


def without_parties(*more: Field) -> list[Field]:
    return [*with_parties()[:-1], *more]


@pytest.mark.parametrize("separator", [SOH, "|"])
def test_a_report_becomes_the_row_it_was_written_from(separator: str) -> None:
    found = row_of(FIELDS, separator)
    for name, text in ROW.items():
        assert found[name] == (text or None), name
    assert (found["action"], found["version"], found["ragged"]) == ("NEW", None, False)
    assert (found["fault"], found["unknown"], found["unknown_names"]) == (None, None, None)


@pytest.mark.parametrize(
    ("tags", "column", "text"),
    [
        ({"t150": "G", "t17": "T-9", "t19": "T-1", "t34": "7"}, "trade_id", "T-1"),
        ({"t150": "G", "t17": "T-9", "t19": "T-1", "t34": "7"}, "version", "7"),
        ({"t150": "H", "t17": "T-9", "t19": "T-1", "t34": "7"}, "version", None),
        ({"t150": "H", "t17": "T-9"}, "trade_id", None),
        ({"t150": "H"}, "action", "CANCEL"),
        ({"t150": "1"}, "action", "NEW"),
        ({"t150": "2", "t20": "0"}, "action", "NEW"),
        ({"t150": "2", "t20": "1"}, "action", "CANCEL"),
        ({"t150": "1", "t20": "2"}, "action", "AMEND"),
        ({"t150": "2", "t20": "3"}, "action", "150=2"),
        ({"t150": "Z"}, "action", "150=Z"),
        ({"t150": ""}, "action", "150="),
        ({"t150": "NEW"}, "action", "150=NEW"),
        ({"t54": "3"}, "side", "BUY"),
        ({"t54": "4"}, "side", "SELL"),
        ({"t54": "5"}, "side", "SHORT"),
        ({"t54": "6"}, "side", "SHORT"),
        ({"t54": "8"}, "side", "54=8"),
        ({"t54": "BUY"}, "side", "54=BUY"),
        ({"t54": " 2 "}, "side", "SELL"),
        ({"t54": ""}, "side", None),
        ({"t22": "1"}, "isin", None),
        ({"t423": "1"}, "price", "100.5"),
        ({"t423": "9"}, "price", "423=9"),
        ({"t31": "", "t423": "9"}, "price", None),
        ({"t13": "3"}, "commission", "1.95"),
        ({"t13": "1"}, "commission", "13=1"),
        ({"t12": "", "t13": "1"}, "commission", None),
        ({"t479": "USD"}, "commission", "1.95"),
        ({"t479": "EUR"}, "commission", "479=EUR"),
        ({"t60": "20261007-14:00:00.123456"}, "trade_time", "2026-10-07T14:00:00.123456Z"),
        ({"t60": "2026-10-07T14:00:00Z"}, "trade_time", "60=2026-10-07T14:00:00Z"),
        ({"t60": "20261007X14:00:00"}, "trade_time", "60=20261007X14:00:00"),
        ({"t528": "R"}, "capacity", "PRINCIPAL"),
        ({"t528": "W"}, "capacity", "AGENCY"),
        ({"t528": "AGENCY"}, "capacity", "528=AGENCY"),
        ({"t528": "", "t29": "1"}, "capacity", "AGENCY"),
        ({"t528": "", "t29": "3"}, "capacity", "PRINCIPAL"),
        ({"t528": ""}, "capacity", None),
        ({"t37": "", "t11": "C-1"}, "order_id", "C-1"),
        ({"t11": "C-1"}, "order_id", "O-1"),
        ({"t37": "  "}, "order_id", None),
    ],
)
def test_a_tag_says_its_column(tags: dict[str, str], column: str, text: str | None) -> None:
    found = row_of(changed(**tags))
    assert (found[column], found["fault"]) == (text, None)


def test_the_street_is_the_first_of_its_roles_that_has_an_lei() -> None:
    clearing, contra, house = (party(role, lei(n)) for role, n in (("21", 1), ("17", 2), ("1", 3)))
    assert row_of(with_parties(house, clearing, contra))["counterparty"] == lei(2)
    assert row_of(with_parties(house, clearing))["counterparty"] == lei(1)
    assert row_of(with_parties(house))["counterparty"] is None
    mixed = [party("17", "BROKER", "D"), party("17", OTHER_LEI), party("18", lei(5))]
    assert row_of(with_parties(*mixed))["counterparty"] == OTHER_LEI
    assert row_of(with_parties(mixed[0]))["counterparty"] == "BROKER"
    assert row_of(with_parties([("448", lei(2)), ("452", "17")]))["counterparty"] == lei(2)


def test_venue_and_isin_come_from_their_groups_where_the_fields_lack_them() -> None:
    fields = [field for field in with_parties(party("22", "XNYS", "G")) if field[0] != "30"]
    assert row_of(fields)["venue"] == "XNYS"
    assert row_of(with_parties(party("22", "XNYS", "G")))["venue"] == ROW["venue"]
    alternatives = [("454", "2"), ("455", "037833100"), ("456", "1"), ("455", "US0378331005")]
    fields = [*changed(t22="1", t48="037833100"), *alternatives, ("456", "4")]
    assert row_of(fields)["isin"] == "US0378331005"


def test_unknown_tags_and_fees_are_kept_with_their_row_and_named() -> None:
    fees = [("136", "2"), ("137", "1.20"), ("139", "4"), ("137", "0.30"), ("139", "2")]
    found = row_of([*FIELDS, ("58", 'Þ"ó'), *fees, ("9001", "")])
    assert json.loads(str(found["unknown"])) == {
        "58": 'Þ"ó',
        "137": ["1.20", "0.30"],
        "139": ["4", "2"],
        "9001": None,
    }
    assert found["unknown_names"] == "58,137,139,9001"
    assert row_of([*FIELDS, ("58", "")])["unknown"] is None


GROUPLESS = without_parties()
WRONG = {
    "no field": ([*FIELDS, ("x", "1")], "no tag=value"),
    "a tag of zeros": ([*FIELDS, ("058", "1")], "no tag=value"),
    "a tag twice": ([*FIELDS, ("32", "10")], "The tag 32 stands twice."),
    "a session tag twice": ([*FIELDS, ("49", "DESK")], "The tag 49 stands twice."),
    "too few parties": ([*GROUPLESS, ("453", "2"), *party("17", "A")], "NoPartyIDs (453)"),
    "too many parties": (
        [*GROUPLESS, ("453", "1"), *party("17", "A"), *party("1", "B")],
        "NoPartyIDs (453) is wrong: 2 entries follow it.",
    ),
    "a group twice": ([*FIELDS, ("453", "0")], "The tag 453 stands twice."),
    "a role first": ([*GROUPLESS, ("453", "1"), ("452", "17")], "452 stands outside its group"),
    "a party without a group": ([*GROUPLESS, *party("17", "A")], "448 stands outside its group"),
    "a role twice": (
        [*GROUPLESS, ("453", "1"), *party("17", "A"), ("452", "1")],
        "The tag 452 stands twice in an entry of NoPartyIDs.",
    ),
    "a torn group": (
        [*GROUPLESS, ("453", "1"), ("448", "A"), ("58", "x"), ("452", "17")],
        "452 stands outside its group",
    ),
    "a crowd": (
        [*GROUPLESS, ("453", "65"), *party("17", "A") * 65], "more than 64 entries",
    ),
    "a thousand fields": ([*FIELDS, *[("58", "x")] * 1_000], "more than 1000"),
    "type not first": (FIELDS[::-1], "does not begin with the tags 8, 9, 35"),
    "a type of four letters": ([("35", "ABCD"), *FIELDS[1:]], "MsgType (35)"),
}  # fmt: skip


@pytest.mark.parametrize("separator", [SOH, "|"])
@pytest.mark.parametrize("how", WRONG)
def test_what_is_no_report_is_rejected_and_says_why(how: str, separator: str) -> None:
    fields, says = WRONG[how]
    good, bad = message(FIELDS, separator), message(fields, separator)
    found = read(good, *[bad] * 20, good)  # many alike, as they are read in bulk
    assert found["ragged"].to_list() == [False, *[True] * 20, False]
    [fault] = found["fault"].drop_nulls().unique()
    assert says in fault
    nothing = found.filter("ragged").drop("row", "ragged", "fault")
    assert nothing.null_count().row(0) == (20,) * nothing.width


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (message(FIELDS, version="FIX.4.2"), "BeginString (8) is not FIX.4.4."),
        (message(FIELDS).replace(b"\x019=", b"\x019=1", 1), "BodyLength (9) is wrong"),
        (message(FIELDS).replace(b"=T-1", b"=T-2", 1), "CheckSum (10) is wrong"),
        (message(FIELDS).replace(b"=T-1", b"=T-12", 1), "BodyLength (9) is wrong"),
        (message(FIELDS)[:-8], "end with 10"),
        (b"junk", "no tag=value"),
        (b"8=FIX.4.4", "does not begin"),
        (b"8=FIX.4.4|", "does not begin"),
        (b"2026-10-07 " + message(FIELDS), "no tag=value"),
    ],
)
def test_a_line_that_is_not_framed_well_says_what_is_wrong(line: bytes, says: str) -> None:
    found = read(message(FIELDS), line)
    assert found["ragged"].to_list() == [False, True]
    assert says in found["fault"][1]


def test_forms_of_a_line_that_mean_the_same() -> None:
    line = message(FIELDS)
    found = read(b"\xef\xbb\xbf" + line, line[:-1], line + b"\r", b" \t", b"", line)
    plain = read(line).drop("row")
    assert found["row"].to_list() == [1, 2, 3, 4]
    assert all(found.slice(at, 1).drop("row").equals(plain) for at in range(4))


def test_data_may_hold_separators_and_what_looks_like_fields() -> None:
    text = b"a\x0132=9\x01150=0\x0110=000"
    data = b"355=" + text
    body = b"".join(f"{tag}={value}{SOH}".encode() for tag, value in FIELDS)
    length = b"354=%d\x01" % len(text)
    line = framed(
        b"35=8\x01" + length + data + SOH.encode() + body.partition(SOH.encode())[2], b"\x01"
    )
    found = read(message(FIELDS), line)
    assert found["fault"].to_list() == [None, None]
    assert found["quantity"].to_list() == ["10", "10"]
    assert json.loads(found["unknown"][1])["355"] == text.decode()
    wrong = read(message(FIELDS), line.replace(length, b"354=7\x01"))
    assert "no tag=value" in wrong["fault"][1]


def test_a_text_that_is_no_utf8_is_read_as_latin_1() -> None:
    body = "".join(f"{tag}={value}{SOH}" for tag, value in [*FIELDS, ("58", "Þórður")])
    found = read(message(FIELDS), framed(body.encode("latin-1"), b"\x01"))
    assert found["fault"].to_list() == [None, None]
    assert json.loads(found["unknown"][1]) == {"58": "Þórður"}


def test_what_tells_of_no_trade_is_set_aside_and_counted() -> None:
    beat, order = message([("35", "0"), ("112", "x")]), message(changed(t150="4"), "|")
    good = message(FIELDS)
    data = b"\n".join([beat, good, order, beat, good, order.replace(b"|", b"\x01"), b""])
    found = plan_messages([data], 10)
    assert found.set_aside == (("150=4", 2), ("35=0", 2))
    assert (found.rows, [each.first_row for each in found.ranges]) == (2, [1, 2])
    rows = [read_reports(found.header, data[r.start : r.end], r.first_row) for r in found.ranges]
    assert [row["row"].to_list() for row in rows] == [[1], [2]]


def test_a_garbled_message_of_another_type_is_a_row() -> None:
    garbled = message(FIELDS).replace(b"\x0135=8", b"\x0135=0")
    found = read(message(FIELDS), garbled, message(changed(t150="4")).replace(b"=T-1", b"=T-2"))
    assert found["ragged"].to_list() == [False, True, True]
    assert all("CheckSum" in fault for fault in found["fault"].drop_nulls())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "no line of the file begins as a message of FIX 4.4"),
        (message(FIELDS, version="FIX.4.2"), "no line"),
        (message(FIELDS).decode().encode("utf-16"), "no line"),
        (b"trade_id,side\nA,BUY\n", "no line"),
        (message(FIELDS) + b"\n" + b"x" * (MAX_ROW_BYTES + 1) + b"\n", "row 2 is longer than"),
        (message(FIELDS) + b"\n" + b"x" * (9 * 2**20), "row 2 is longer than"),
    ],
)
def test_what_is_no_file_of_fix_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    for size in (len(content) or 1, 1000):
        chunks = [content[at : at + size] for at in range(0, len(content), size)]
        with pytest.raises(BadFileError, match=says):
            plan_messages(chunks, 2**20)


def test_a_range_without_messages_is_an_empty_frame() -> None:
    header = plan_messages([message(FIELDS)], 2**20).header
    found = read_reports(header, b"\n", 1)
    assert found.height == 0
    assert found.columns == [*header, "row", "ragged", "fault", "unknown", "unknown_names"]


def test_messages_of_one_order_of_tags_are_read_alike_at_once_and_one_by_one() -> None:
    fields = [
        *changed(t150="G", t19="T-0"),
        ("58", "x\x02\x1f\x7f\u2028é"),
        ("58", "\\"),
        ("1000", ""),
    ]
    lines = [message(fields), message(fields, "|"), message(FIELDS)] * 3
    at_once, singly = (message_fields(lines, 1, one_by_one=n) for n in (0, 99))
    assert at_once.equals(singly.select(at_once.columns))
    assert set(at_once.columns) == set(singly.columns)
