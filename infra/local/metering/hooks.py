"""Put a counter around a function of the emulator, if it is the function it was written for."""

import functools
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from infra.local.metering.book import Book
from infra.local.metering.tally import HERE
from infra.local.patches import PatchError

Function = Callable[..., Any]


def put_around(
    owner: ModuleType | type, name: str, parameters: str, make: Callable[[Function], Function]
) -> None:
    """Replace `owner.name`, which takes `parameters`, by what `make` makes of it.

    Raises
    ------
    PatchError
        There is no such function, or it takes something else.
    """
    found = getattr(owner, name, None)
    if found is None or " ".join(inspect.signature(found).parameters) != parameters:
        raise PatchError(f"the emulator's {owner.__name__}.{name} is not what is counted by")
    setattr(owner, name, functools.wraps(found)(make(found)))


def from_its_caller(book: Book) -> Callable[[Function], Function]:
    """Return what lets a service's requests be counted where their caller works."""

    def make(handle: Function) -> Function:
        async def measured(
            method: str, path: str, headers: dict[str, str], *rest: object, **more: object
        ) -> Any:  # noqa: ANN401 - the emulator's own answer
            token = HERE.set(book.place_of(headers))
            try:
                return await handle(method, path, headers, *rest, **more)
            finally:
                HERE.reset(token)

        return measured

    return make
