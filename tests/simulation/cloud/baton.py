"""Who runs next: threads of which one runs at a time, and a seed that says which."""

import random
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")


class Conductor(Protocol):
    """Decides who runs next."""

    def pause(self) -> None:
        """Let another go on, maybe."""

    def side_by_side(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        """Run calls that have no order; return their results in the order given."""

    @property
    def allows_overtaking(self) -> bool:
        """Whether a call can go on beside who gave it up."""


class InTurn:
    """Runs one call after the other, in an order of the seed's choice."""

    allows_overtaking = False

    def __init__(self, rng: random.Random | None) -> None:
        self._rng = rng

    def pause(self) -> None:
        pass

    def side_by_side(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        order = list(range(len(calls)))
        if self._rng is not None:
            self._rng.shuffle(order)
        results = {number: calls[number]() for number in order}
        return [results[number] for number in range(len(calls))]


_SPEEDS: Final = (1.0, 1.0, 0.2, 0.02)
"""How often a task goes on beside others: some are so slow that much happens between two calls."""


class Task:
    """A call in a thread of its own that runs while it holds the baton."""

    def __init__(self, call: Callable[[], Any], speed: float = 1.0) -> None:
        self.call, self.speed = call, speed
        self.turn = threading.Semaphore(0)
        self.ended = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.waits_for: Sequence[Task] = ()

    @property
    def can_run(self) -> bool:
        return not self.ended and all(task.ended for task in self.waits_for)


class Baton:
    """Interleaves calls wherever they pause."""

    allows_overtaking = True

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._holder = Task(lambda: None)
        self._tasks = [self._holder]

    def pause(self) -> None:
        able = [task for task in self._tasks if task.can_run]
        if len(able) > 1:
            self._hand_to(self._one_of(able))

    def side_by_side(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        tasks = [self.aside(call) for call in calls]
        self.join(tasks)
        for task in tasks:
            if task.error is not None:
                raise task.error
        return [task.result for task in tasks]

    def aside(self, call: Callable[[], Any]) -> Task:
        """Begin a call that goes on beside whoever begins it."""
        task = Task(call, self._rng.choice(_SPEEDS))
        self._tasks.append(task)
        threading.Thread(target=self._run, args=(task,), daemon=True).start()
        return task

    def join(self, tasks: Iterable[Task] | None = None) -> None:
        """Wait for tasks, or for all."""
        me = self._holder
        me.waits_for = list(tasks if tasks is not None else [t for t in self._tasks if t is not me])
        while not me.can_run:
            self._hand_to(self._next())
        me.waits_for = ()

    def _run(self, task: Task) -> None:
        task.turn.acquire()
        try:
            task.result = task.call()
        except BaseException as error:  # noqa: BLE001 - handed to who waits for it
            task.error = error
        task.ended = True
        self._tasks.remove(task)
        self._holder = following = self._next()
        following.turn.release()

    def _next(self) -> Task:
        able = [task for task in self._tasks if task.can_run]
        assert able, "everyone waits for someone"
        return self._one_of(able)

    def _one_of(self, tasks: Sequence[Task]) -> Task:
        return self._rng.choices(tasks, [task.speed for task in tasks])[0]

    def _hand_to(self, task: Task) -> None:
        me = self._holder
        if task is not me:
            self._holder = task
            task.turn.release()
            me.turn.acquire()
