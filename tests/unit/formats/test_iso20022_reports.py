"""Answers to transaction reports (auth.031), and what stands for a person without a number."""

import pytest

from backoffice.formats.iso20022.person_ids import concat_id
from backoffice.formats.iso20022.statement_reader import read_statement
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import assert_valid

NAME = "urn:iso:std:iso:20022:tech:xsd:auth.031.001.01"


def advice(*inside: str) -> bytes:
    return (
        f'<Document xmlns="{NAME}"><FinInstrmRptgStsAdvc>'
        + "".join(f"<StsAdvc>{one}</StsAdvc>" for one in inside)
        + "</FinInstrmRptgStsAdvc></Document>"
    ).encode()


def record(name: str, status: str, *rules: str) -> str:
    told = "".join(
        f"<VldtnRule><Id>{rule}</Id><Desc>no {rule}</Desc></VldtnRule>" for rule in rules
    )
    return f"<RcrdSts><OrgnlRcrdId>{name}</OrgnlRcrdId><Sts>{status}</Sts>{told}</RcrdSts>"


def rows(data: bytes) -> list[tuple[object, ...]]:
    read = read_statement("reportstatus", data)
    assert read.rejects.height == 0
    return read.rows["reportstatus"].drop("row", "unknown").rows()


def test_a_file_and_its_refused_records_are_rows_and_the_accepted_are_counted() -> None:
    data = advice(
        "<MsgRptIdr>M-1</MsgRptIdr><MsgSts><Sts>PART</Sts></MsgSts>"
        + record("T-1", "ACPT")
        + record("T-2", "RJCT", "CON-023", "CON-412")
        + record("T-3", "PDNG"),
        "<MsgRptIdr>M-2</MsgRptIdr><MsgSts><Sts>RJCT</Sts><VldtnRule><Id>FIL-105</Id></VldtnRule>"
        "</MsgSts>",
    )
    assert_valid(data, "auth.031.001.01")
    assert rows(data) == [
        ("M-1", "T-2", "RJCT", "CON-023 no CON-023; CON-412 no CON-412", None),
        ("M-1", "T-3", "PDNG", None, None),
        ("M-1", None, "PART", None, "1"),
        ("M-2", None, "RJCT", "FIL-105", "0"),
    ]


def test_without_a_status_of_the_file_its_records_say_it() -> None:
    whole = "<MsgRptIdr>M-1</MsgRptIdr>"
    assert rows(advice(whole + record("T-1", "ACPT"))) == [("M-1", None, "ACPT", None, "1")]
    refused = rows(advice(whole + record("T-1", "RJCT") + record("T-2", "ACPT")))
    assert refused[-1] == ("M-1", None, "PART", None, "1")


@pytest.mark.parametrize(
    "data",
    [
        advice("<MsgSts><Sts>ACPT</Sts></MsgSts>"),
        advice("<MsgRptIdr>M-1</MsgRptIdr><MsgSts><Sts>OK</Sts></MsgSts>"),
        advice("<MsgRptIdr>M-1</MsgRptIdr>" + record("T-1", "FINE")),
    ],
)
def test_what_names_no_file_or_no_known_status_is_refused(data: bytes) -> None:
    assert read_statement("reportstatus", data).rejects.height == 1


@pytest.mark.parametrize("data", [b"<x/>", advice()[:-5]])
def test_what_is_no_answer_is_no_file_of_the_kind(data: bytes) -> None:
    with pytest.raises(BadFileError):
        read_statement("reportstatus", data)


@pytest.mark.parametrize(
    ("given", "surname", "text"),
    [
        ("John", "O'Brian", "IE19800113JOHN#OBRIA"),
        ("Ludwig", "Van der Rohe", "IE19800113LUDWIROHE#"),
        ("Victor", "Vandenberg", "IE19800113VICTOVANDE"),
        ("Eli", "Ødegård", "IE19800113ELI##ODEGA"),
        ("Willeke", "de Bruijn", "IE19800113WILLEBRUIJ"),
        ("Jon Ian", "Dewitt", "IE19800113JON##DEWIT"),
        ("Amy-Ally", "Garção de Magalhães", "IE19800113AMYALGARCA"),
        ("Giovani", "dos Santos", "IE19800113GIOVASANTO"),
        ("Dr. Þóra", "Æðelred", "IE19800113TORA#ADELR"),
        ("Günter", "Voß", "IE19800113GUNTEVOS##"),
        ("Marie", "de l'Isle", "IE19800113MARIEISLE#"),
    ],
)
def test_names_are_put_together_as_the_regulation_has_it(
    given: str, surname: str, text: str
) -> None:
    assert concat_id("IE", "1980-01-13", given, surname) == text
