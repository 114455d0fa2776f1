"""The examiner's package: the records of some days, readable, each with its proof, in one zip.

It is written as it is read, an object at a time: memory holds the largest object and one seal's
leaves, however many days there are.
"""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Final

from backoffice.records.listing import class_of, record_id
from backoffice.records.proving.page import page
from backoffice.records.proving.proofs import Archive, Item, NotProvableError, prove
from backoffice.records.search.find import Finder, Query
from backoffice.records.standalone import verify_records

COLUMNS: Final = ("day", "class", "record_id", "key", "bytes", "sha256", "readable", "proof")
_WRITTEN: Final = (2026, 1, 1, 0, 0, 0)
"""Equal packages are equal files: what a zip says of times says nothing."""
_UNSAFE: Final = re.compile(r"(^|/)\.{1,2}(?=/|$)|\\|\x00")
_README: Final = """The records of {since} to {until}{whose}, as they were sealed.

index.html   open it in a browser; index.csv says the same
objects/     the records, byte for byte
readable/    what is in them: rows as CSV, files and documents opened, as far as nobody is erased
proofs/      a proof a day: every record's place in the day's seal, the chain of seals to {newest},
             and the firm's signature
verify_records.py   checks objects/ and proofs/ (the rest is for reading), without a network, by
             Python and the package `cryptography`:

    python verify_records.py .

It says PROVEN, or names what does not hold. With --key FILE.pem it takes the firm's public key as
you had it from the firm, and with --anchor DAY:CHAIN a chain that you know from elsewhere.
"""

Readable = Callable[[str, bytes, AbstractSet[int] | None, str | None], dict[str, bytes]]


@dataclass(frozen=True)
class Wanted:
    """The days of a package, both inclusive, and the account it is about, if one."""

    since: date
    until: date
    account: str | None = None


def write_package(
    out: IO[bytes], archive: Archive, finder: Finder, wanted: Wanted, readable: Readable
) -> int:
    """Write the package; return how many records are in it.

    Parameters
    ----------
    readable
        Returns what can be read of an object, opened where it is encrypted: texts by what is put
        after its key, of its bytes, the rows asked for (None: all) and the account (None: any).

    Raises
    ------
    NotProvableError
        When no seal is of these days, or the newest is not signed.
    """
    days = [
        date.fromisoformat(one["day"])
        for one in archive.headers
        if str(wanted.since) <= one["day"] <= str(wanted.until)
    ]
    if not days:
        raise NotProvableError(f"no day from {wanted.since} to {wanted.until} is sealed")
    listed: list[dict[str, str]] = []
    rows = _rows_of(finder, wanted)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as package:
        for day in days:
            listed += _day(package, archive, day, rows, readable, about=wanted.account)
        newest = archive.headers[-1]["day"]
        _add(package, "index.csv", _as_csv(listed))
        _add(package, "index.html", page(listed, wanted.since, wanted.until, wanted.account))
        whose = f", as far as they concern the account {wanted.account}" if wanted.account else ""
        said = _README.format(since=wanted.since, until=wanted.until, whose=whose, newest=newest)
        _add(package, "README.txt", said.encode())
        _add(package, "verify_records.py", Path(verify_records.__file__).read_bytes())
    return len(listed)


def _rows_of(finder: Finder, wanted: Wanted) -> dict[str, set[int]]:
    """Find the rows that concern the account, by the key of their object."""
    found: dict[str, set[int]] = defaultdict(set)
    if wanted.account is None:
        return found
    cursor = None
    while True:
        asked = Query(account=wanted.account, limit=500, cursor=cursor, confidential=True)
        shown = finder.find(asked)
        for row in shown.rows:
            found[row["key"]].add(row["row"])
        cursor = shown.next
        if cursor is None:
            return found


def _day(
    package: zipfile.ZipFile,
    archive: Archive,
    day: date,
    rows: dict[str, set[int]],
    readable: Readable,
    *,
    about: str | None,
) -> Iterator[dict[str, str]]:
    """Write one day's records and their proof, and list them."""
    leaves = archive.leaves(day)
    keys = [key for key in leaves if about is None or key in rows]
    proof = f"proofs/{day}.json"
    for key in keys:
        whose = (rows.get(key) if about else None, about)
        size, shown = _object(package, archive, key, readable, whose)
        said = (day, class_of(key), record_id(key), key, size, leaves[key][0].sha256, shown, proof)
        yield dict(zip(COLUMNS, map(str, said), strict=True))
    items = [(Item(key, "sealed on the day", file=f"objects/{key}"), day) for key in keys]
    asked = f"the records of {day}" + (f" that concern {about}" if about else "")
    if keys:
        _add(package, proof, prove(archive, asked, items, archive.records.read_bytes))


def _object(
    package: zipfile.ZipFile,
    archive: Archive,
    key: str,
    readable: Readable,
    whose: tuple[AbstractSet[int] | None, str | None],
) -> tuple[str, str]:
    """Write an object and what can be read of it; return its size, and where the last stands.

    Of what was disposed of both are empty.
    """
    if archive.is_gone(key):
        return "", ""
    body, shown = archive.records.read_bytes(key), ""
    _add(package, f"objects/{key}", body)
    for suffix, text in readable(key, body, *whose).items():
        shown = f"readable/{key}{suffix}"
        _add(package, shown, text)
    return str(len(body)), shown


def _as_csv(listed: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue().encode()


def _add(package: zipfile.ZipFile, name: str, body: bytes) -> None:
    if _UNSAFE.search(name):
        raise NotProvableError(f"{name} would be written outside the package")
    info = zipfile.ZipInfo(name, _WRITTEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, body)
