"""How often a client may call, and that the same key has the same answer."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.front_office.cursors import BadCursorError, read_cursor, write_cursor
from backoffice.front_office.http_events import tagged
from backoffice.front_office.idempotency import KEPT_S, Answer, BadKeyError, answered_once
from backoffice.front_office.token_bucket import DRAWN, HELD_MS, Meter, Rate
from tests.unit.front_office.fakes import MemoryTable

RATE = Rate(a_second=5, most=40)


class Table(MemoryTable):
    """A table in memory that another may have written to first."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    def put(self, item: Mapping[str, Any]) -> None:
        self.items[item["pk"], item["sk"]] = item

    def swap(self, item: Mapping[str, Any], counter: str, seen: int) -> bool:
        self.writes += 1
        before = self.items.get((item["pk"], item["sk"]))
        if (before[counter] if before else 0) != seen:
            return False
        self.put(item)
        return True


def test_a_client_may_call_as_often_as_the_bucket_holds_then_as_it_fills() -> None:
    table, meter = Table(), Meter(RATE)
    assert [meter.seconds_to_wait(table, "app", 0) for _ in range(RATE.most)] == [0] * RATE.most
    assert meter.seconds_to_wait(table, "app", 0) == 1
    assert meter.seconds_to_wait(table, "other", 0) == 0
    assert [meter.seconds_to_wait(table, "app", 1_000) for _ in range(6)] == [0] * 5 + [1]
    assert table.writes == RATE.most // DRAWN + 2


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2_000)), max_size=300))
def test_no_client_gets_more_than_its_rate_whatever_workers_it_meets(
    calls: list[tuple[int, int]],
) -> None:
    table, now, let_in = Table(), 0, 0
    workers = [Meter(RATE) for _ in range(3)]
    for worker, later in calls:
        now += later
        let_in += workers[worker].seconds_to_wait(table, "app", now) == 0
        assert let_in <= RATE.most + now * RATE.a_second // 1_000


def test_what_a_worker_drew_is_good_for_a_while_only() -> None:
    table, meter = Table(), Meter(RATE)
    meter.seconds_to_wait(table, "app", 0)
    meter.seconds_to_wait(table, "app", HELD_MS - 1)
    assert table.writes == 1
    meter.seconds_to_wait(table, "app", HELD_MS)
    assert table.writes == 2


def _answers(*bodies: str) -> Any:  # noqa: ANN401 - a function that counts
    left = list(bodies)

    def answer() -> Answer:
        return {"statusCode": 500 if "!" in left[0] else 201, "body": left.pop(0)}

    return answer


def test_the_same_key_has_the_same_answer_and_another_request_none() -> None:
    table, answer = Table(), _answers("first", "second", "third")

    def ask(client: str, request: bytes, now: int = 0) -> str:
        return str(answered_once(table, client, "k", request, now, answer)["body"])

    assert [ask("app", b"a"), ask("app", b"a"), ask("other", b"b")] == ["first"] * 2 + ["second"]
    with pytest.raises(BadKeyError, match="another request"):
        ask("app", b"b")
    assert ask("app", b"b", KEPT_S) == "third"


def test_an_error_of_ours_is_not_the_answer_for_good() -> None:
    table, answer = Table(), _answers("died!", "then")
    said = [answered_once(table, "app", "k", b"a", 0, answer)["body"] for _ in range(3)]
    assert said == ["died!", "then", "then"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "é", "a\n"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(BadKeyError, match="1 to 128"):
        answered_once(Table(), "app", key, b"", 0, _answers("never"))


def _got(tag: str | None, method: str = "GET", status: int = 200) -> dict[str, Any]:
    headers = {"if-none-match": tag} if tag else {}
    event = {"requestContext": {"http": {"method": method}}, "headers": headers}
    return tagged(event, {"statusCode": status, "headers": {"A": "b"}, "body": "x"})


def test_who_has_what_is_found_is_told_so_and_nothing_else() -> None:
    found = _got(None)
    tag = found["headers"]["ETag"]
    assert (found["statusCode"], found["headers"]["A"]) == (200, "b")
    for asked in (tag, f"W/{tag}", f'"other", {tag}'):
        again = _got(asked)
        assert (again["statusCode"], again["body"], again["headers"]) == (304, "", {"ETag": tag})
    assert _got('"other"') == found
    for other in (_got(tag, "POST"), _got(tag, status=404)):
        assert (other["body"], "ETag" in other["headers"]) == ("x", False)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_cursor_is_good_for_what_it_was_given_for(listed: str, place: list[str]) -> None:
    if any("\ud800" <= each <= "\udfff" for each in listed):
        return
    text = write_cursor(listed, tuple(place))
    assert read_cursor(listed, text) == tuple(place)
    for other, changed in ((listed + "x", text), (listed, text + "A"), (listed, text[1:])):
        with pytest.raises(BadCursorError):
            read_cursor(other, changed)
