"""Control files: what they may state, and when a file is not what they state."""

import pytest

from backoffice.intake.control import Control, check_control, parse_control
from backoffice.intake.totals import Totals
from backoffice.kernel.errors import BadFileError

SHA = "ab" * 32


def test_each_statement_is_optional() -> None:
    assert parse_control(b"{}") == Control()
    assert parse_control(b'{"rows": 3}') == Control(rows=3)
    assert parse_control(f'{{"sha256": "{SHA.upper()}"}}'.encode()) == Control(sha256=SHA)
    assert parse_control(b'{"sum_quantity": "100.50"}') == Control(sum_quantity="100.5")
    assert parse_control(b'{"rows": null, "sha256": null, "sum_quantity": null}') == Control()


def test_a_byte_order_mark_and_unknown_keys_are_let_be() -> None:
    assert parse_control(b'\xef\xbb\xbf{"rows": 0, "by": {"who": [1.5]}}') == Control(rows=0)


def test_a_sum_may_be_a_number_that_never_was_a_float() -> None:
    body = b'{"sum_quantity": 123456789012345678901234567890.12345678}'
    assert parse_control(body).sum_quantity == "123456789012345678901234567890.12345678"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is not JSON in UTF-8"),
        (b"{", "is not JSON in UTF-8"),
        (b"\xff{}", "is not JSON in UTF-8"),
        (b"[" * 100_000, "is not JSON in UTF-8"),
        (b"[]", "is no JSON object"),
        (b"1", "is no JSON object"),
        (b'{"rows": "3"}', "'s rows is no whole number"),
        (b'{"rows": 3.0}', "'s rows is no whole number"),
        (b'{"rows": -3}', "'s rows is no whole number"),
        (b'{"rows": true}', "'s rows is no whole number"),
        (b'{"rows": ' + b"9" * 5_000 + b"}", "'s rows is out of range"),
        (b'{"sha256": "abc"}', "'s sha256 is no SHA-256 in hexadecimal"),
        (b'{"sha256": 5}', "'s sha256 is no SHA-256 in hexadecimal"),
        (b'{"sum_quantity": "1e3"}', "'s sum_quantity is no plain decimal"),
        (b'{"sum_quantity": 1e3}', "'s sum_quantity is no plain decimal"),
        (b'{"sum_quantity": NaN}', "'s sum_quantity is no plain decimal"),
        (b'{"sum_quantity": ["1"]}', "'s sum_quantity is no plain decimal"),
    ],
)
def test_what_is_no_control_file_is_refused_with_a_sentence(body: bytes, reason: str) -> None:
    with pytest.raises(BadFileError) as caught:
        parse_control(body)
    assert str(caught.value) == f"the control file{'' if reason[0] == chr(39) else ' '}{reason}"


def test_a_file_that_is_what_is_stated_passes() -> None:
    totals = Totals(rows=3, quantity="100.5")
    assert check_control(Control(), SHA, totals) is None
    assert check_control(Control(3, SHA, "100.5"), SHA, totals) is None
    assert check_control(Control(sum_quantity="100.50"), SHA, totals) is None


def test_a_mismatch_is_told_in_a_sentence() -> None:
    totals = Totals(rows=3, quantity="100.5")
    assert check_control(Control(rows=4), SHA, totals) == (
        "the control file states 4 rows, the file has 3"
    )
    assert check_control(Control(sha256="cd" * 32), SHA, totals) == (
        f"the control file states SHA-256 {'cd' * 32}, the file's is {SHA}"
    )
    assert check_control(Control(sum_quantity="100"), SHA, totals) == (
        "the control file states a quantity of 100 in all, the file's rows come to 100.5"
    )
