"""What is known of a function from before is what it does: the real one runs where it is not."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from tests.simulation.cloud.calls import Calls, CrashedError, Invocation, refusal
from tests.simulation.cloud.chaos import Doom, Fault
from tests.simulation.cloud.rehearsed import FickleError, Rehearsals


class Counter:
    """A store of one number."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self.number, self.is_full = calls, 0, False

    def read(self) -> int:
        return self._calls.read("Read", lambda: self.number)

    def add(self, *, number: int) -> dict[str, int]:
        return self._calls.write("Add", lambda: self._add(number))

    def _add(self, number: int) -> dict[str, int]:
        if self.is_full:
            raise refusal("Full", "Add", "no more")
        self.number += number
        return {"number": self.number}


class Stage:
    """A function that doubles the number up to ten, and how often it really ran."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.counter = Counter(self.calls)
        self.rehearsals = Rehearsals(self.calls)
        self.rehearsals.listen(self.counter, "read", "add")
        self.ran, self.step = 0, 1

    def handler(self) -> str:
        self.ran += 1
        number = self.counter.read()
        if number < 10:
            number = self.counter.add(number=number * self.step)["number"]
        return f"it is {number}"

    def run(self, doom: Doom | None = None) -> str:
        self.calls.invocation = Invocation(doom or Doom())
        try:
            said: str = self.rehearsals.run("double", self.handler)
            return said
        finally:
            self.calls.invocation = None


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.counter.number = 3
    assert stage.run() == "it is 6"
    return stage


def test_what_is_known_is_done_again_without_the_function(stage: Stage) -> None:
    stage.counter.number = 3
    assert (stage.run(), stage.counter.number, stage.ran) == ("it is 6", 6, 1)


def test_where_an_answer_is_new_the_function_goes_on_and_repeats_no_call(stage: Stage) -> None:
    assert (stage.run(), stage.counter.number, stage.ran) == ("it is 12", 12, 2)
    assert (stage.run(), stage.counter.number, stage.ran) == ("it is 12", 12, 3)
    assert (stage.run(), stage.ran) == ("it is 12", 3)


def test_an_error_is_an_answer_and_an_end(stage: Stage) -> None:
    stage.counter.number, stage.counter.is_full = 3, True
    for _ in range(2):
        with pytest.raises(ClientError, match="Full"):
            stage.run()
    assert (stage.counter.number, stage.ran) == (3, 2)


@pytest.mark.parametrize(("fault", "left"), [(Fault.CRASH_BEFORE, 3), (Fault.CRASH_AFTER, 6)])
def test_it_dies_where_it_is_doomed_to_as_often_as_it_is_known(
    stage: Stage, fault: Fault, left: int
) -> None:
    for _ in range(2):
        stage.counter.number = 3
        with pytest.raises(CrashedError):
            stage.run(Doom(fault, at=2))
        assert (stage.counter.number, stage.ran) == (left, 1)


def test_a_function_that_calls_otherwise_when_told_the_same_is_found(stage: Stage) -> None:
    stage.counter.number = 3
    with pytest.raises(CrashedError):
        stage.run(Doom(Fault.CRASH_AFTER, at=1))
    stage.step = 2
    stage.rehearsals._first["double"].following[3].following.clear()  # noqa: SLF001 - what it was told
    with pytest.raises(FickleError, match="instead of"):
        stage.run()


def test_a_function_that_remembers_its_process_is_found(stage: Stage) -> None:
    remembered: list[int] = []

    def handler() -> str:
        if not remembered:
            remembered.append(stage.counter.read())
        return f"it is {remembered[0]}"

    with pytest.raises(FickleError, match="an end instead of"):
        _run_often(stage, handler)


def test_an_end_that_differs_when_told_the_same_is_found(stage: Stage) -> None:
    ends = iter("ab")

    def handler() -> str:
        stage.counter.read()
        return next(ends)

    with pytest.raises(FickleError, match="b instead of a"):
        _run_often(stage, handler)


def _run_often(stage: Stage, handler: Callable[[], str]) -> None:
    stage.calls.invocation = Invocation()
    for _ in range(20):
        stage.rehearsals.run("often", handler)
