"""Forms with files: any bytes come through, and what is no part of the form counts for nothing."""

from base64 import b64encode

from hypothesis import given
from hypothesis import strategies as st

from backoffice.routes.pages.requests import read_request
from backoffice.routes.pages.uploads import read_parts

KIND = "multipart/form-data; boundary=----edge"


def _body(*parts: tuple[bytes, bytes]) -> bytes:
    pieces = [b"------edge\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in parts]
    return b"".join(pieces) + b"------edge--\r\n"


def _said(name: str, file: str | None = None) -> bytes:
    end = f'; filename="{file}"' if file is not None else ""
    return f'Content-Disposition: form-data; name="{name}"{end}'.encode()


@given(st.binary(max_size=200).filter(lambda content: b"\r\n------edge" not in b"\r\n" + content))
def test_any_bytes_come_through(content: bytes) -> None:
    head = _said("attachment", "C:\\papers\\a b.pdf") + b"\r\nContent-Type: application/pdf"
    fields, files = read_parts(KIND, _body((_said("verb"), b"ATTACH"), (head, content)))
    assert fields == {"verb": "ATTACH"}
    assert files["attachment"].body == content
    assert files["attachment"].name == "a b.pdf"


@given(st.binary(max_size=300))
def test_what_is_no_form_is_nothing_and_stops_nothing(body: bytes) -> None:
    fields, files = read_parts(KIND, body)
    assert not fields or b"name=" in body
    assert not files or b"filename=" in body
    assert read_parts("multipart/form-data", body) == ({}, {})


def test_a_request_of_the_gateway_carries_them() -> None:
    event = {
        "rawPath": "/v1/console/cases/x/acts",
        "requestContext": {"http": {"method": "POST"}},
        "headers": {"Content-Type": KIND},
        "body": b64encode(_body((_said("f", "n.bin"), b"\xff\x00\r\n"))).decode(),
        "isBase64Encoded": True,
    }
    request = read_request(event)
    assert request.files["f"].body == b"\xff\x00\r\n"
    assert request.form == {}
