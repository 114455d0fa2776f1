"""What an erasure will destroy, written before it begins: who dies in the midst knows it again."""

import hashlib
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Final, Protocol

from backoffice.kernel.parts import Document, Records
from backoffice.records.certificates import PREFIX

PLANNED: Final = f"{PREFIX}planned/"


class KnowsErased(Protocol):
    """Who tells which keys are destroyed."""

    def erased(self, subjects: Collection[str]) -> AbstractSet[str]:
        """Return those of some subjects whose keys were destroyed, or began to be."""


class ErasurePlan(Document):
    """The subjects whose keys a request is to destroy, as one run found them."""

    request_id: str
    subjects: tuple[str, ...]


def planned_subjects(
    records: Records, keys: KnowsErased, request_id: str, subjects: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write a plan, once, and return whose keys go, and where the plans of the request stand.

    These are the subjects, and before them those of earlier plans whose destruction began: their
    rows no search finds any more. Who was planned alone, and is known to the books by now, stays.

    Parameters
    ----------
    subjects
        In the order in which they are to go.
    """
    folder = f"{PLANNED}{request_id}/"
    bodies = records.read_many(sorted(records.keys(folder)))
    earlier = {of for body in bodies for of in ErasurePlan.model_validate_json(body).subjects}
    begun = keys.erased(earlier - set(subjects))
    going = (*sorted(begun), *subjects)
    body = ErasurePlan(request_id=request_id, subjects=going).model_dump_json().encode()
    records.put_once(f"{folder}{hashlib.sha256(body).hexdigest()}.json", body)
    return going, tuple(sorted(records.keys(folder)))
