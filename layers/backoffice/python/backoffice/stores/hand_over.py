"""What one step hands to the next by its place: a workflow's own state has room for 256 KiB."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from backoffice.kernel.parts import Document, Work

_READERS: Final = 8
_PLACE: Final = "handed_over"

Handed = TypeVar("Handed", bound=Document)


def hand_over(work: Work, key: str, document: Document) -> dict[str, str]:
    """Stage a document under `key`; return what the workflow carries of it."""
    work.stage_json(key, document.model_dump_json().encode())
    return handed_over(key)


def handed_over(key: str) -> dict[str, str]:
    """Return what the workflow carries of a document that is staged under `key`."""
    return {_PLACE: key}


def take_over(work: Work, carried: Iterable[Mapping[str, str]], kind: type[Handed]) -> list[Handed]:
    """Read what steps handed over, in the order the workflow carries it."""
    with ThreadPoolExecutor(_READERS) as pool:
        bodies = pool.map(work.read_bytes, [each[_PLACE] for each in carried])
        return [kind.model_validate_json(body) for body in bodies]
