"""A form with files in it (multipart/form-data, RFC 7578): its fields, and its files by name."""

import re
from typing import Final

from backoffice.console.pages import Upload

_BOUNDARY: Final = re.compile(r'boundary="?([^";,]{1,70})"?')
_SAID: Final = re.compile(rb'(?<![a-z])(name|filename)="([^"\r\n]*)"', re.IGNORECASE)
_END: Final = b"\r\n"


def read_parts(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Return the fields and files of a form's body; what is no part of it counts for nothing.

    Parameters
    ----------
    kind
        The content type, which names what stands between the parts.
    """
    fields, files = dict[str, str](), dict[str, Upload]()
    found = _BOUNDARY.search(kind)
    for part in _parts(body, found[1].encode()) if found else ():
        head, _, content = part.partition(_END * 2)
        said = {key.lower(): text.decode(errors="replace") for key, text in _SAID.findall(head)}
        name = said.get(b"name", "")
        if name and b"filename" in said:
            files[name] = Upload(said[b"filename"].replace("\\", "/").rpartition("/")[2], content)
        elif name:
            fields[name] = content.decode(errors="replace")
    return fields, files


def _parts(body: bytes, boundary: bytes) -> list[bytes]:
    pieces = (_END + body).split(_END + b"--" + boundary)
    return [piece.removeprefix(_END) for piece in pieces[1:] if not piece.startswith(b"--")]
