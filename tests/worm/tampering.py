"""Change single bytes of stored records, and see each named by the object it was changed in."""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from backoffice.records.signatures import to_pem
from backoffice.records.verify import Finding
from backoffice.records.verify_store import verify_store
from backoffice.records.versions import Version
from tests.simulation.fixed_signer import FixedSigner
from tests.simulation.memory import RecordMemory

FIRM: Final = to_pem(FixedSigner().public_key())


class HashingOnce(RecordMemory):
    """A record store that hashes a body once: one that was changed is another body."""

    def __init__(self, name: str, objects: dict[str, bytes]) -> None:
        super().__init__(name)
        self.objects = dict(objects)
        self._hashes: dict[int, tuple[bytes, str]] = {}

    def sha256(self, key: str) -> str:
        body = self.objects[key]
        # the body is kept with its hash: its identity is no other's as long as it lives
        held, sha256 = self._hashes.get(id(body), (None, ""))
        if held is not body:
            sha256 = hashlib.sha256(body).hexdigest()
            self._hashes[id(body)] = body, sha256
        return sha256


Harm = Callable[[HashingOnce, str, random.Random], set[str]]


@dataclass
class Changes:
    """How many changes were made to each class of object, and those that were not named."""

    made: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def change_bytes(objects: dict[str, bytes], count: int, seed: int) -> Changes:
    """Change one byte `count` times, each time alone, and verify the whole store after each.

    Classes take turns, so that one with few objects is changed as often as one with many.
    """
    chance, changes = random.Random(seed), Changes()  # noqa: S311 - replayed by its seed
    store, by_class = HashingOnce("records", objects), defaultdict(list)
    for key, body in sorted(objects.items()):
        if body:
            by_class[class_of(key)].append(key)
    classes = sorted(by_class)
    for number in range(count):
        name = classes[number % len(classes)]
        key = chance.choice(by_class[name])
        body = store.objects[key]
        at, mask = chance.randrange(len(body)), chance.randint(1, 255)
        store.objects[key] = body[:at] + bytes([body[at] ^ mask]) + body[at + 1 :]
        found = verify_store(store, firm_key=FIRM)[1]
        store.objects[key] = body
        changes.made[name] += 1
        if not _names(found, key):
            changes.missed.append(f"seed {seed}, change {number}: byte {at} of {key} by {mask}")
    return changes


def truncated(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Cut off an object's end; return what is to be named."""
    store.objects[key] = store.objects[key][: chance.randrange(len(store.objects[key]))]
    return {key}


def lengthened(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Append to an object."""
    store.objects[key] += chance.choice((b"\n", b" ", b"\0", store.objects[key]))
    return {key}


def swapped(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Put two objects in each other's place."""
    others = [one for one, body in store.objects.items() if body != store.objects[key]]
    other = chance.choice(sorted(others))
    store.objects[key], store.objects[other] = store.objects[other], store.objects[key]
    return {key, other}


def deleted(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Delete an object for good."""
    del chance, store.objects[key]
    return {key}


def replaced(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Put another version over an object, and serve the older one."""
    store.past.append(Version(key, f"older-{chance.random()}"))
    return {key}


def hidden(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Hide an object behind a delete marker."""
    del store.objects[key]
    store.past += [Version(key, "it"), Version(key, f"{chance.random()}", is_marker=True)]
    return {key}


def added(store: HashingOnce, key: str, chance: random.Random) -> set[str]:
    """Add an object beside another, under a name that is no hash."""
    orphan = f"{key.rpartition('/')[0]}/{chance.randrange(10**9)}-{key.rpartition('/')[2]}"
    store.objects[orphan] = store.objects[key]
    return {orphan}


HARMS: Final[tuple[Harm, ...]] = (
    truncated, lengthened, swapped, deleted, replaced, hidden, added,
)  # fmt: skip


def harm_each(objects: dict[str, bytes], harm: Harm, seed: int) -> list[str]:
    """Harm objects of each kind, each time alone; return what was not named."""
    chance, by_kind = random.Random(seed), defaultdict(list)  # noqa: S311 - replayed by its seed
    for key, body in sorted(objects.items()):
        if body:
            by_kind[class_of(key)].append(key)
    missed = []
    for keys in by_kind.values():
        for key in chance.sample(keys, min(2, len(keys))):
            store = HashingOnce("records", objects)
            wanted = harm(store, key, chance)
            found = verify_store(store, firm_key=FIRM)[1]
            missed += [one for one in wanted if not _names(found, one)]
    return missed


def class_of(key: str) -> str:
    """Return the kind of an object: its folders without dates, names and hashes, and its ending."""
    folders = [part for part in key.split("/")[:-1] if part.isalpha() or part == "client-documents"]
    return "/".join(folders) + "." + key.rpartition(".")[2][:8].partition("/")[0]


def _names(found: list[Finding], key: str) -> bool:
    """Whether a finding names the object; a seal, and its signature, by its day as well."""
    subjects = {one.subject for one in found}
    place, _, name = key.rpartition("/")
    is_of_seal = place.partition("/")[0] in {"seals", "signatures"}
    return key in subjects or (is_of_seal and f"seal of {name.removesuffix('.json')}" in subjects)
