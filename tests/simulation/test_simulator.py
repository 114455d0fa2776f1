"""The real handlers under the real state machines: whatever goes wrong, the books come out equal.

A failure names its seed; ``python -m tests.simulation.replay SEED`` replays it.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from backoffice.intake import sweep
from backoffice.kernel.books import load, state_key
from backoffice.records.export import Asked, export
from backoffice.stores import buckets, served_tables
from backoffice.stores.objects import RecordBucket
from tests.simulation import firm as firms
from tests.simulation.cloud.chaos import Fault
from tests.simulation.cloud.machines import Machine
from tests.simulation.cloud.stores import Cloud
from tests.simulation.firm import Firm, functions
from tests.simulation.history import evening
from tests.simulation.house import VIEWS, House
from tests.simulation.kinds import KINDS
from tests.simulation.prepared import prepared
from tests.simulation.replay import SeedError, replay, replay_many
from tests.simulation.small_days import DAYS, FILES, run

_SAMPLE: Final = 5_000
_SOAK: Final = 1_000_000
_SHARDS: Final = 40
_SEEDS_APART: Final = 1_000_000


def test_handlers_and_machines_left_in_peace_make_the_books_that_the_use_cases_make() -> None:
    firm = Firm(Cloud())
    for day in DAYS:
        with firm.at_work(evening(day)):
            for name, body in FILES[day].items():
                assert firm.start("capture_file", firm.drop("local", day, name, body)).output
            assert firm.start("cut_off", {"day": str(day)}).status == "SUCCEEDED"
            for event in firm.market(day):
                assert firm.start("capture_file", event).status == "SUCCEEDED"
            assert firm.start("close_business_day", {"day": str(day)}).status == "SUCCEEDED"
    with firm.at_work(evening(DAYS[-1])):
        shown = [export(firm.records, Asked(what=what)) for what in VIEWS]
    assert hashlib.sha256(b"\0".join(shown)).hexdigest() == run(House(), *DAYS).digest()


@pytest.mark.parametrize("shard", range(4))
def test_thousands_of_faults_change_nothing(shard: int) -> None:
    tally = replay_many(shard * _SEEDS_APART, _SAMPLE // 4)
    assert tally.faults.total() >= _SAMPLE // 4
    print(tally)  # noqa: T201 - shown with `-rP`, and when it fails


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(_SHARDS))
def test_a_million_faults_change_nothing(shard: int) -> None:
    tally = replay_many((100 + shard) * _SEEDS_APART, _SOAK // _SHARDS)
    assert tally.faults.keys() == set(Fault)
    print(tally)  # noqa: T201 - the soak's report


@pytest.mark.usefixtures("forgetful")
def test_who_publishes_a_state_that_is_no_longer_the_latest_publishes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = prepared().days[0]
    firm = Firm(day.closed.copy())
    with firm.at_work(evening(day.day)):
        read = iter([load(firm.records, state_key(day.day, "cut-off"))])
        publishing = functions().module("publish_state")
        latest = publishing.latest
        # as if the close had been sealed and published right after the first look
        monkeypatch.setattr(
            publishing, "latest", lambda records: next(read, None) or latest(records)
        )
        assert firm.start("rebuild_tables", {}).output["phase"] == "closed"
    assert firm.cloud.tables == day.closed.tables


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_replays_call_by_call_whatever_was_seen_before(kind: str) -> None:
    functions().forget()
    assert replay(7, kind) == replay(7, kind)


def _forget_what_is_unprocessed(
    self: Any,  # noqa: ANN401 - the table whose method this stands in for
    requests: Iterable[Mapping[str, Any]],
) -> None:
    if wanted := list(requests):
        self._client.batch_write_item(RequestItems={self.name: wanted[:25]})


def _take_a_conflict_for_a_key_that_stands(write: Callable[[], object], tries: int = 1) -> bool:
    del tries
    try:
        write()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("PreconditionFailed", "ConditionalRequestConflict"):
            return False
        raise
    return True


def _know_no_sweep(_records: object, _known: object) -> dict[str, list[object]]:
    return {}


def _write_whatever_stands(self: RecordBucket, key: str, body: bytes) -> bool:
    self._client.put_object(Bucket=self.name, Key=key, Body=body)
    return True


def _publish_what_was_asked_first(self: object, items: Sequence[object]) -> list[str]:
    del self, items
    return []


_BUGS: Final[Mapping[str, tuple[str, object, str, object]]] = {
    "a batch's unprocessed items are forgotten": (
        "rebuild", served_tables.ServedTable, "_write", _forget_what_is_unprocessed,
    ),
    "a conflict is taken for a key that stands": (
        "close",
        buckets,
        "write_once",
        _take_a_conflict_for_a_key_that_stands,
    ),
    "a record is written whatever stands": (
        "taken up", RecordBucket, "put_once", _write_whatever_stands,
    ),
    "an app's trade is swept again": ("cut-off", sweep, "earlier_sweeps", _know_no_sweep),
    "nothing is served": (
        "taken up", served_tables.ServedTable, "replace_all", _publish_what_was_asked_first,
    ),
}  # fmt: skip


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("bug", _BUGS)
def test_a_bug_in_what_bears_faults_is_found_and_names_its_seed(
    bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay(1)  # the days that runs start from are made without the bug
    kind, target, name, broken = _BUGS[bug]
    monkeypatch.setattr(target, name, broken)
    with pytest.raises(SeedError, match=r"seed \d+: python -m tests.simulation.replay \d+"):
        replay_many(0, 1_500, kind)


@pytest.mark.parametrize(
    ("machine", "state", "kind"),
    [("cut_off", "Net Obligations", "cut-off"), ("capture_file", "Commit File", "arrival")],
)
def test_a_retry_that_is_lost_from_a_machine_is_found(
    machine: str, state: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay(1)
    text = Machine.named(machine).definition
    states = {name: dict(body) for name, body in text["States"].items()}
    del states[state]["Retry"]
    broken = dataclasses.replace(Machine.named(machine), definition={**text, "States": states})
    real = firms.machine
    monkeypatch.setattr(firms, "machine", lambda name: broken if name == machine else real(name))
    with pytest.raises(SeedError, match="not tried again as often as it should"):
        replay_many(0, 1_500, kind)
