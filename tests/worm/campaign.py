"""A thousand attempts at random, and what became of each."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from backoffice.intake.drops import GoneDropError
from backoffice.stores.drops import DropBucket
from backoffice.stores.objects import RecordBucket
from tests.worm.access import ADMINISTRATOR
from tests.worm.attempts import BY_CALL, BY_LOCK, ON_THE_BUCKET, OTHER, Target, Version

_HALF: Final = 0.5
UNGUARDED: Final = "nobody's policy"
"""A client that no policy stops: what it may not do, the lock and the condition refuse."""


@dataclass(frozen=True)
class Store:
    """The record store under attack: its bucket, every version in it, and a file to copy from."""

    bucket: str
    versions: tuple[Version, ...]
    drops: str
    dropped: str


@dataclass
class Outcomes:
    """What refused how many attempts, and the attempts that nothing refused."""

    refused: Counter[str] = field(default_factory=Counter)
    succeeded: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many attempts were made."""
        return self.refused.total() + len(self.succeeded)


def attack(
    clients: Mapping[str, Any], store: Store, count: int, *, seed: int, compliance: bool
) -> Outcomes:
    """Try `count` times, each time as someone, by some means, on some version of some record.

    Parameters
    ----------
    clients
        S3, as every role, the administrator and `UNGUARDED`, by name.
    compliance
        Whether the lock is one that nobody can lift: then the unguarded client tries that too.
    """
    chance, outcomes = random.Random(seed), Outcomes()  # noqa: S311 - replayed by its seed
    roles = sorted(set(clients) - {ADMINISTRATOR, UNGUARDED})
    strong = sorted(set(clients) - set(roles))
    for _ in range(count):
        # half by whom no role holds back: so much the more reaches S3 itself
        who = chance.choice(strong if strong and chance.random() < _HALF else roles or strong)
        target = Target(clients[who], store.bucket, chance.choice(store.versions))
        means = _means(who, target, store, compliance=compliance)
        name = chance.choice(sorted(means))
        _try(outcomes, f"{who}: {name} of {target.key}", means[name])
    return outcomes


def _means(
    who: str, target: Target, store: Store, *, compliance: bool
) -> dict[str, Callable[[], object]]:
    """Name what someone can try; the store's own methods are tried by everyone."""
    records = RecordBucket(target.client, store.bucket)
    drops = DropBucket(target.client, store.drops)
    means: dict[str, Callable[[], object]] = {
        "put_once": lambda: records.put_once(target.key, OTHER),
        "copy_once": lambda: records.copy_once(drops, store.dropped, None, target.key),
    }
    calls = BY_CALL if who != UNGUARDED else BY_LOCK if compliance else BY_LOCK[:-2]
    means |= {_name(each): partial(_made, each, target) for each in calls}
    if who not in {ADMINISTRATOR, UNGUARDED}:
        means |= {_name(each): partial(_set, each, target) for each in ON_THE_BUCKET}
    return means


def _name(means: Callable[..., None]) -> str:
    return means.__name__.strip("_")


def _set(setting: Callable[[Any, str], None], target: Target) -> str:
    setting(target.client, target.bucket)
    return "made"


def _made(call: Callable[[Target], None], target: Target) -> str:
    call(target)
    return "made"


def _try(outcomes: Outcomes, name: str, means: Callable[[], object]) -> None:
    try:
        answer = means()
    except GoneDropError:
        # where nothing is locked an earlier attempt took away what was to be copied
        outcomes.refused["nothing to copy"] += 1
    except ClientError as error:
        code = error.response["Error"]["Code"]
        by_policy = error.response["Error"].get("Message", "").partition(" may not ")[1]
        outcomes.refused["the policies" if by_policy else code] += 1
    else:
        if answer in {False, None}:  # put_once says so, copy_once says nothing
            outcomes.refused["the store itself"] += 1
        else:
            outcomes.succeeded.append(name)
