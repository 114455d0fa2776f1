"""Messages of any figures come back as they went; damaged ones never crash a reader."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.formats.iso20022 import documents
from backoffice.formats.iso20022.answer_writer import (
    Settlement,
    write_cancellation_answer,
    write_confirmation,
    write_status_advice,
)
from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.instruction_reader import (
    Instruction,
    InstructionReader,
)
from backoffice.formats.iso20022.instruction_writer import write_cancellation, write_instruction
from backoffice.formats.iso20022.layouts import Layout
from backoffice.formats.iso20022.messages import read_messages
from backoffice.formats.iso20022.packing import pack, unpack
from backoffice.formats.iso20022.parties import Parties, Party
from backoffice.formats.iso20022.status_reader import STATUS_SCHEMA, StatusFile, read_status
from backoffice.formats.iso20022.text import MAX_TEXT, is_text
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import (
    DEPOSITORY,
    NAMESPACE,
    PARTIES,
    THEM,
    US,
    assert_valid,
    obligation,
    read_instruction,
)

BOUNDED = settings(max_examples=100, deadline=None)
FEWER = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ids = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=35)
days = st.dates(date(1985, 1, 1), date(2035, 12, 31))
figures = st.integers(-(10**18 - 1), 10**18 - 1)
accounts = st.text(min_size=1, max_size=MAX_TEXT).filter(lambda text: is_text(text, MAX_TEXT))
trade_ids = st.text("abcXYZ019._-", min_size=1, max_size=52)


@st.composite
def obligations(draw: st.DrawFn) -> dict[str, Any]:
    quantity = draw(st.one_of(st.just(0), st.integers(-100, 100), figures))
    money = draw(figures.filter(bool) if quantity == 0 else figures)
    buy = draw(st.integers(0, 10**6))
    direction = "CASH" if quantity == 0 else "RECEIVE" if quantity > 0 else "DELIVER"
    trade = draw(st.none() | trade_ids)
    traded_on = draw(days)
    return obligation(
        obligation_id=draw(ids),
        direction=direction,
        quantity_e8=quantity,
        buy_gross_minor=buy,
        sell_gross_minor=buy + money,
        currency=draw(st.sampled_from(sorted(MINOR_UNITS))),
        settlement_date=draw(days),
        opened_on=traded_on,
        trade_key=f"a|b|{traded_on}|{trade}" if trade else None,
    )


@BOUNDED
@given(row=obligations(), account=accounts)
def test_an_instruction_comes_back_as_it_went(row: dict[str, Any], account: str) -> None:
    parties = Parties(US, Party(THEM.lei, account=account), DEPOSITORY)
    text = write_instruction(row, parties)
    assert_valid(text, "sese.023.001.11")
    assert_valid(write_cancellation(row, parties), "sese.020.001.07")
    read = read_instruction(text)
    assert isinstance(read, Instruction)
    assert read.obligation_id == row["obligation_id"]
    assert read.direction == row["direction"]
    assert read.quantity_e8 == row["quantity_e8"]
    assert read.money_minor == row["sell_gross_minor"] - row["buy_gross_minor"]
    assert read.currency == row["currency"]
    assert read.settlement_date == row["settlement_date"]
    assert read.trade_date == row["opened_on"]
    assert read.trade_id == (row["trade_key"] and row["trade_key"].rpartition("|")[2])


@BOUNDED
@given(
    row=obligations(),
    quantity=st.integers(0, 10**18 - 1),
    money=figures,
    day=days,
    reference=accounts,
)
def test_a_confirmation_comes_back_as_it_went(
    row: dict[str, Any], quantity: int, money: int, day: date, reference: str
) -> None:
    instruction = read_instruction(write_instruction(row, PARTIES))
    assert isinstance(instruction, Instruction)
    text = write_confirmation(instruction, Settlement(quantity, money, day), reference)
    assert_valid(text, "sese.025.001.11")
    read = read_status(text).statuses.row(0, named=True)
    assert read["obligation_id"] == row["obligation_id"]
    assert read["reference"] == reference
    assert (read["quantity_e8"], read["money_minor"]) == (quantity, money)
    assert (read["currency"], read["effective_date"]) == (row["currency"], day)


CONFIRMATION = write_confirmation(
    Instruction(
        "OB-1", "RECE", "US0378331005", 10**8, -5, "USD", date(2026, 1, 6), None, None, "A", "X"
    ),
    Settlement(10**8, -5, date(2026, 1, 6)),
    "MK-1",
)
FILE = wrap([CONFIRMATION] * 3)


def read_or_refuse(data: bytes) -> StatusFile | None:
    try:
        return read_status(data)
    except BadFileError as refusal:
        sentence = str(refusal)
    assert "\n" not in sentence
    return None


@FEWER
@given(data=st.binary(max_size=300))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    assert read_or_refuse(data) is None


@BOUNDED
@given(cut=st.integers(0, len(FILE) - len(b"</Messages>\n")))
def test_a_truncated_file_is_refused_wherever_it_breaks_off(cut: int) -> None:
    assert read_or_refuse(FILE[:cut]) is None


@BOUNDED
@given(place=st.integers(0, len(FILE) - 1), piece=st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_rejected_or_refused_but_never_crashes(
    place: int, piece: bytes
) -> None:
    file = read_or_refuse(FILE[:place] + piece + FILE[place + len(piece) :])
    if file is not None:
        assert file.statuses.height + file.rejects.height == file.messages
        assert dict(file.statuses.schema) == dict(STATUS_SCHEMA)


values = st.one_of(
    st.text(max_size=60).filter(lambda t: is_text(t, 60)),
    st.from_regex(r"[+-]?[0-9.]{1,30}(e[0-9])?", fullmatch=True),
    st.sampled_from(
        ["", "CRDT", "DBIT", "2026-01-06", "2026-13-06", "9" * 400, "\u0663\u066b\u0665"]
    ),
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@BOUNDED
@given(owner=values, unit=values, amount=values, currency=values, sign=values, day=values)
def test_any_text_in_any_field_is_a_row_or_a_reject(
    owner: str, unit: str, amount: str, currency: str, sign: str, day: str
) -> None:
    parts = [_escaped(part) for part in (owner, unit, day, currency, amount, sign)]
    text = (
        '<Document xmlns="{}sese.025.001.11"><SctiesSttlmTxConf><TxIdDtls>'
        "<AcctOwnrTxId>{}</AcctOwnrTxId></TxIdDtls>"
        "<QtyAndAcctDtls><SttldQty><Qty><Unit>{}</Unit></Qty></SttldQty></QtyAndAcctDtls>"
        "<TradDtls><FctvSttlmDt><Dt><Dt>{}</Dt></Dt></FctvSttlmDt></TradDtls>"
        '<SttldAmt><Amt Ccy="{}">{}</Amt><CdtDbtInd>{}</CdtDbtInd></SttldAmt>'
        "</SctiesSttlmTxConf></Document>"
    ).format(NAMESPACE, *parts)
    file = read_status(text.encode())
    assert file.statuses.height + file.rejects.height == 1
    for code in file.rejects["code"]:
        assert code in {"MISSING_FIELD", "BAD_FORMAT", "BAD_CURRENCY"}


names = st.sampled_from(["A", "B", "Document", "x:C"])
texts = st.sampled_from(["", " ", "t", " padded ", "a&amp;b", "a > b", "\u00a0", "é", "<!-- c -->"])


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> str:
    name, attribute = draw(names), draw(st.sampled_from(["", ' k="v"', ' k=">"']))
    children = draw(st.lists(trees(depth - 1), max_size=3)) if depth else []
    content = draw(texts) + "".join(child + draw(texts) for child in children)
    return f"<{name}{attribute}>{content}</{name}>"


def everything(layout: Layout, own: tuple[str, ...]) -> tuple[object, ...]:
    texts = own + layout.own_texts
    filled = [(path, texts[place]) for path, place in layout.filled]
    return layout.definition, layout.paths, filled, layout.content_hash(own)


@BOUNDED
@given(tree=trees(), again=trees(), times=st.sampled_from([1, 2, 20]))
def test_reading_by_layout_and_parsing_agree(tree: str, again: str, times: int) -> None:
    reader = DocumentReader()
    for inner in (tree, again, tree):
        one = f'<Document xmlns="n" xmlns:x="m">{inner}</Document>'
        for data in (one.encode(), f"<W>{one * times}</W>".encode()):
            assert [everything(layout, own) for layout, own in reader.read(data)] == [
                everything(Layout(message), ()) for message in read_messages(data)
            ]


HEARD = wrap(
    [
        *[CONFIRMATION] * 20,
        write_status_advice("OB-1", "FAILING", "MK-2", "LACK", "5 % are missing!"),
        write_cancellation_answer("OB-1", "RECE", "DENIED", "MK-3", "DSET"),
        *[CONFIRMATION.replace(b'"USD"', b'"ISK"'), CONFIRMATION] * 3,
    ]
)
SCOPED = HEARD.replace(b"<Messages>", b'<Messages xmlns:m="m" xmlns:xsi="i">')
JOINTS = [m.start() for m in re.finditer(rb"<", SCOPED)] + [
    m.end() for m in re.finditer(rb">", SCOPED)
]
disturbances = st.one_of(
    st.sampled_from(
        [
            *(b"&amp;", b"&#32;", b"<!-- -->", b"<![CDATA[x]]>", b"<?pi?>", b"]]>", b"<", b">"),
            *(b"</Document>", b'<Document xmlns="n">', b"<Document>", b"<Document/>"),
            *(b'<Document xmlns="n"/>', b"</Messages>", b"<Messages>", b"<A>", b"</A>", b"<A/>"),
            *(b"<m:A>", b"<m:A/>", b' m:k="v"', b' k="v"', b" k='v'", b' xmlns:m="z"', b'"', b"'"),
            *(b"\x1c", b"\x0b", b"\x00", b"\xff", b" ", b"\n", b"%s", b"!", b"?", b"-", b"9"),
            *("é".encode(), "\u00a0".encode(), "\ue000".encode(), "\ufeff".encode(), b"x" * 40),
            *(b"<a>" * 248, b"</a>" * 248, b"<a>" * 250 + b"</a>" * 250, b"t" * 33_000),
        ]
    ),
    st.binary(min_size=1, max_size=4),
)
places = st.one_of(st.sampled_from(JOINTS), st.integers(0, len(SCOPED)))


def outcome(data: bytes) -> tuple[object, ...] | str:
    try:
        file = read_status(data)
    except BadFileError as refusal:
        return str(refusal)
    return file.statuses.rows(), file.rejects.rows(), file.messages


def parsed_outcome(data: bytes) -> tuple[object, ...] | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "MAX_CUT_BYTES", -1)
        return outcome(data)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(
        st.tuples(places, disturbances, st.sampled_from([0, 0, 1, 12])), min_size=1, max_size=3
    ),
    end=st.none() | st.integers(0, len(SCOPED)),
)
def test_a_disturbed_file_says_the_same_read_by_layout_and_parsed(
    changes: list[tuple[int, bytes, int]], end: int | None
) -> None:
    data = SCOPED
    for place, piece, replaced in sorted(changes, reverse=True):
        data = data[:place] + piece + data[place + replaced :]
    for file in (data, data[:end]):
        assert outcome(file) == parsed_outcome(file)


@BOUNDED
@given(rows=st.lists(obligations(), min_size=1, max_size=5, unique_by=lambda r: r["obligation_id"]))
def test_what_is_packed_comes_back_and_reads_the_same_one_by_one_or_in_a_row(
    rows: list[dict[str, Any]],
) -> None:
    files = [(f"X{row['obligation_id']}.xml", write_instruction(row, PARTIES)) for row in rows]
    assert list(unpack(pack(files))) == files
    reader = InstructionReader()
    one_by_one = [read_instruction(data) for _, data in files]
    assert [read for _, data in files for read in reader.read_instructions(data)] == one_by_one
    wrapped = wrap(data for _, data in files)
    assert list(InstructionReader().read_instructions(wrapped)) == one_by_one


@BOUNDED
@given(data=st.binary(max_size=400), place=st.integers(0, 10_000), keep=st.booleans())
def test_no_bytes_crash_the_unpacking(data: bytes, place: int, *, keep: bool) -> None:
    archive = pack([("a.xml", CONFIRMATION), ("b.xml", b"")])
    at = place % len(archive)
    damaged = archive[:at] + data + archive[at + (len(data) if keep else 0) :]
    try:
        for _name, _content in unpack(damaged):
            pass
    except BadFileError:
        pass
