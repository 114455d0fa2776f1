"""What no seal names yet, and why: the next one will, or nothing came of it.

Some objects are taken by the next cut-off for where they stand: files, acts, notices, versions of
lists, documents, accesses. All others are taken for who names them. What stands about unnamed once
the day it is of is not the last one any more is nobody's. The service desk's acts are of no day:
no seal names them.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from backoffice.clearance.customer_documents import read_headers
from backoffice.compliance.reports.documents import PREFIX as REPORTS
from backoffice.intake.documents import FileEntry, FrozenInputs, frozen_key
from backoffice.intake.notices import Notice, read_notices
from backoffice.kernel.books import state_key
from backoffice.kernel.parts import Records
from backoffice.records.merkle import Seal
from backoffice.records.references import documents
from backoffice.records.seal_day import seal_key
from backoffice.records.signatures import SIGNATURES, signature_key
from backoffice.risk.screening.versions import ListVersion

ADDRESSED: Final = re.compile(
    r".*/([0-9a-f]{64})(\.[a-z]+)?|notices/.*-([0-9a-f]{16})\.json|accesses/.*/([0-9a-f]{32})\.json"
)
"""Keys that say the hash of what stands there, or how it begins."""
_TAKEN: Final = re.compile(
    r"intake/[^/]+/files/.+|cases/.+|lists/[^/]+/log/.+|notices/.+|documents/.+|service-desk/.+"
    r"|accesses/2\d{3}-(0[1-9]|1[0-2])-[0-3]\d/[0-9a-f]{32}\.json"
)
_SAY_ANYTHING: Final = ("cases/", "service-desk/")
_NAMED: Final = re.compile(
    r"intake/[^/]+/(originals|sweeps)/.+"
    r"|(lists|risk|drills|client-documents|compliance|certificates)/.+"
    r"|(access|configuration|locations)/.+"
)
_ACT: Final = re.compile(
    r"(access|configuration|locations)/[^/]+/[A-Z]{3}-\d{8}-[0-9a-f]{10}/\d{6}\.json"
)
"""Acts of registers: whoever writes one gives notice of it, and whoever died soon after."""
_AT: Final = re.compile(rb'"at":"(\d{4}-\d{2}-\d{2})')


class Awaiting(NamedTuple):
    """The keys of what awaits a seal, and of what is named by that and is not there."""

    keys: set[str]
    lost: set[str]


def awaiting_seal(records: Records, seals: Iterable[Seal], there: Collection[str]) -> Awaiting:
    """Tell what awaits the next seal: the latest, what no freeze took, a day half run.

    What is named by its own hash and by nothing else was left by who died: it proves itself, and
    nobody reads it.
    """
    newest = max((one.day for one in seals), default=date.min)
    announced = re.compile(rf"{SIGNATURES}{newest}/[0-9a-f]{{64}}\.pem")
    frozen = {key: day_of(key) for key in there if key.startswith("inputs/")}
    # a day is begun when the one before it is closed: one alone can be half run
    started = min((day for day in frozen.values() if day > str(newest)), default=None)
    over = (key for key, day in frozen.items() if day != started)
    taken = {entry for key in over for entry in _taken(records, key)}
    waiting = {
        key
        for key in there
        if _TAKEN.fullmatch(key) and key not in taken and _says_its_place(records, key)
    }
    named = _named_by(records, waiting)
    keys = {seal_key(newest), state_key(newest, "closed"), signature_key(newest, newest), *waiting}
    for key in there:
        # who makes reports gives notice of all of them at its end
        is_made = key.startswith(f"{REPORTS}{newest}/")
        is_known = key in named or is_made or ADDRESSED.fullmatch(key)
        is_left = (
            _NAMED.fullmatch(key)
            and key not in taken
            and (is_known or _acted_on(records, key) >= str(newest))
        )
        is_started = day_of(key) == started and (key not in frozen or _says_its_place(records, key))
        if is_started or is_left or announced.fullmatch(key):
            keys.add(key)
    return Awaiting(keys, named.difference(there))


def _named_by(records: Records, waiting: Iterable[str]) -> set[str]:
    """Name what files, notices and versions of lists lead to: acts may say anything."""
    told = (key for key in waiting if not key.startswith(_SAY_ANYTHING))
    found = {name for _, names in documents(records, told) for name in names}
    return {name for name in found if _NAMED.fullmatch(name)}


def _acted_on(records: Records, key: str) -> str:
    """Return the day an act of a register says it was made on; "" when it says none, or is none."""
    said = _AT.search(records.read_bytes(key)) if _ACT.fullmatch(key) else None
    return said[1].decode() if said else ""


def day_of(key: str) -> str:
    """Return what stands second in a key: of most the day."""
    return key.split("/")[1] if "/" in key else ""


def _says_its_place(records: Records, key: str) -> bool:
    """Whether what is taken for where it stands was written for that place.

    Of acts whoever reads trails tells, of accesses their hash.
    """
    if key.startswith("documents/"):
        (header,) = read_headers(records, [key])
        return header is not None and header.key == key
    kind = next((kind for place, kind in _SAYS.items() if key.startswith(place)), None)
    if kind is None:
        return True
    try:
        return kind(records.read_bytes(key)) == key
    except ValueError:
        return False


def _said_by_notice(body: bytes) -> str:
    said = Notice.model_validate_json(body)
    digest = hashlib.sha256(body).hexdigest()[:16]
    return f"notices/{said.day}/{said.source}-{digest}.json"


def _said_by_freeze(body: bytes) -> str:
    frozen = FrozenInputs.model_validate_json(body)
    return frozen_key(frozen.day, frozen.phase)


_SAYS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "inputs/": _said_by_freeze,
    "intake/": lambda body: FileEntry.model_validate_json(body).key,
    "lists/": lambda body: ListVersion.model_validate_json(body).key,
    "notices/": _said_by_notice,
}


def _taken(records: Records, key: str) -> tuple[str, ...]:
    try:
        frozen = FrozenInputs.model_validate_json(records.read_bytes(key))
    except ValueError:
        # its hash, or what it should have named, is wrong: that is found elsewhere
        return ()
    return (*frozen.entries, *frozen.beside, *_reports(records, frozen.notices))


def _reports(records: Records, notices: Iterable[str]) -> Iterator[str]:
    """Name the reports of the notices that can still be read."""
    for key in notices:
        try:
            (notice,) = read_notices(records, [key])
        except (KeyError, ValueError):
            continue
        yield from notice.named
