"""Business application headers of what comes in: what they name, and whether they fit."""

import pytest

from backoffice.formats.iso20022 import documents, messages
from backoffice.formats.iso20022.answer_writer import write_status_advice
from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.envelope import headed, wrap
from backoffice.formats.iso20022.header_reader import Header, read_headers
from backoffice.formats.iso20022.statement_reader import read_statement
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.kernel.errors import BadFileError
from tests.unit.formats import statements as written
from tests.unit.formats.statements import Balance, header
from tests.unit.market.samples import assert_valid

ADVICE = "sese.024.001.12"


def advice(number: int = 1) -> bytes:
    return write_status_advice(f"OB-{number}", "MATCHED", f"MK-{number}")


def test_a_header_says_who_sent_its_document_and_what_names_it() -> None:
    assert_valid(header(), "head.001.001.02")
    file = wrap([headed(header("M-1"), advice()), advice(), headed(header("M-3"), advice())])
    assert read_headers(file) == {
        1: Header("DTCYUS33XXX", "M-1", ADVICE),
        3: Header("DTCYUS33XXX", "M-3", ADVICE),
    }
    assert read_status(file).statuses["identifier"].to_list() == [
        "DTCYUS33XXX/M-1",
        None,
        "DTCYUS33XXX/M-3",
    ]


def test_a_header_of_another_message_rejects_its_document_alone() -> None:
    file = wrap([headed(header(definition="sese.025.001.11"), advice(1)), advice(2)])
    read = read_status(file)
    assert read.statuses["obligation_id"].to_list() == ["OB-2"]
    assert read.rejects.select("row", "field", "code").rows() == [
        (1, "AppHdr/MsgDefIdr", "BAD_FORMAT")
    ]


def test_a_statement_behind_another_header_is_not_taken() -> None:
    wrong = headed(header(definition=ADVICE), written.holdings(Balance()))
    with pytest.raises(BadFileError, match=r"no semt.002 Document that can be taken"):
        read_statement("holdings", wrap([wrong]))
    right = headed(header("H-9", written.HOLDINGS), written.holdings(Balance()))
    read = read_statement("holdings", wrap([wrong, right]))
    assert read.rejects.select("row", "field").rows() == [(1, "AppHdr/MsgDefIdr")]
    assert read.rows["custody_balances"].height == 1
    assert [page.identifier for page in read.pages] == ["DTCYUS33XXX/H-9"]
    assert len(read.pages[0].content) == 64


def test_headers_do_not_slow_the_reading_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    file = wrap([headed(header(f"M-{n}"), advice(n)) for n in range(300)])
    parsed: list[int] = []
    real = messages.read_messages

    def count(data: bytes) -> object:
        parsed.append(len(data))
        return real(data)

    monkeypatch.setattr(documents, "read_messages", count)
    reader = DocumentReader()
    assert len(list(reader.read(file))) == 300
    assert sum(parsed) < len(file) / 20


def test_what_only_looks_like_a_header_is_left_to_the_parser() -> None:
    broken = header().replace(b"</Fr>", b"")
    file = wrap([headed(header(f"M-{n}"), advice(n)) for n in range(5)])
    with pytest.raises(BadFileError, match="no well-formed XML"):
        read_status(file.replace(header("M-3"), broken.replace(b"M-1", b"M-3")))
