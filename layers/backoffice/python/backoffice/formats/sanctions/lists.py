"""A list's files, by its code, as LISTED names."""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from backoffice.formats.sanctions.eu import read_eu
from backoffice.formats.sanctions.house import read_house
from backoffice.formats.sanctions.ofac import ALT_FILE, COMMENTS_FILE, SDN_FILE, read_ofac
from backoffice.formats.sanctions.un import read_un
from backoffice.kernel.errors import BadFileError

_ALONE: Final[Mapping[str, tuple[str, Callable[[bytes], pl.DataFrame]]]] = {
    "EU": (".xml", read_eu),
    "UN": (".xml", read_un),
    "HOUSE": (".csv", read_house),
}
"""The lists of one file: how its name ends, and what reads it."""

OFAC: Final = "OFAC"


def wanted(list_code: str, names: Mapping[str, object]) -> tuple[str, ...]:
    """Return which of the files found are the list: OFAC's by their names, else the last one.

    Parameters
    ----------
    names
        The names of the files found, oldest first.
    """
    if list_code == OFAC:
        known = (SDN_FILE, ALT_FILE, COMMENTS_FILE)
        return tuple(name for name in names if name.lower() in known)
    ending, _ = _ALONE[list_code]
    return tuple(name for name in names if name.lower().endswith(ending))[-1:]


def read_list(list_code: str, files: Mapping[str, bytes]) -> pl.DataFrame:
    """Read a list's files.

    Raises
    ------
    BadFileError
        When a file is missing, or is no file of this list.
    """
    by_name = {name.lower(): body for name, body in files.items()}
    if list_code == OFAC:
        for name in (SDN_FILE, ALT_FILE):
            if name not in by_name:
                raise BadFileError(f"the OFAC list lacks {name}")
        return read_ofac(by_name[SDN_FILE], by_name[ALT_FILE], by_name.get(COMMENTS_FILE))
    if len(files) != 1:
        raise BadFileError(f"the {list_code} list is one file, not {len(files)}")
    _, read = _ALONE[list_code]
    return read(next(iter(files.values())))
