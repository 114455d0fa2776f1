"""A function's store calls, known from runs before: what it would ask next, whatever it was told.

A handler is a function of its payload and of what its stores answer. So the call it makes next is
known from a run in which all answers so far were the same, and need not be worked out again: the
call itself is made, on the cloud as it is, with all that goes wrong there. As soon as an answer is
new, the real handler runs: it is given the answers there have been, and goes on by itself. Each
call it makes is compared with the one foretold. So is all of a run that is known, every eighth
time: what a handler remembers of its process from one call to the next would show there.
"""

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

from botocore.exceptions import ClientError

from tests.simulation.cloud.calls import Calls
from tests.simulation.cloud.s3 import Body

_MOST: Final = 50_000
_LOOKED_AT: Final = 8
"""Of so many runs one is the real function's, even where all of it is known."""
Method = Callable[..., Any]


class FickleError(AssertionError):
    """A function called otherwise than it did when it was told the same."""


@dataclass(eq=False)
class Moment:
    """A function between two calls: the next one, or how it ends, once that is known."""

    method: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    call: Hashable = None
    following: "dict[Hashable, Moment]" = field(default_factory=dict)
    answer: Any = None
    error: Exception | None = None
    is_end: bool = False


@dataclass
class Said:
    """A call that was made, and what came back: an answer or an error."""

    call: Hashable
    answer: Any = None
    error: ClientError | None = None

    @property
    def content(self) -> Hashable:
        """What came back, for comparison."""
        if self.error is not None:
            return ("error", self.error.response["Error"]["Code"], self.error.operation_name)
        return _frozen(self.answer)

    def tell(self) -> Any:  # noqa: ANN401 - the client's own
        """Answer, or raise."""
        if self.error is not None:
            raise self.error
        return self.answer


class Script:
    """One attempt of a real handler: first it hears what there was, then it calls by itself."""

    def __init__(self, moment: Moment, heard: "deque[Said]") -> None:
        self.moment, self._heard, self.made = moment, heard, 0

    def call(self, name: str, method: Method, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Make a call for the handler."""
        call = (name, _frozen(asked))
        if self._heard:
            said = self._heard.popleft()
            if said.call != call:
                raise FickleError(f"{call} instead of {said.call}")
            return said.tell()
        moment = self.moment
        if moment.is_end or (moment.call is not None and moment.call != call):
            raise FickleError(f"{call} instead of {moment.call}")
        moment.method, moment.asked, moment.call = name, asked, call
        said = _made(method, moment)
        self.made += 1
        self.moment = moment.following.setdefault(said.content, Moment())
        return said.tell()

    def end(self, answer: Any, error: Exception | None) -> None:  # noqa: ANN401 - JSON
        """Say how the handler ended."""
        if self._heard:
            raise FickleError(f"an end instead of {self._heard[0].call}")
        moment = self.moment
        if moment.call is not None:
            raise FickleError(f"an end instead of {moment.call}")
        if moment.is_end and (moment.answer, repr(moment.error)) != (answer, repr(error)):
            raise FickleError(f"{error or answer} instead of {moment.error or moment.answer}")
        moment.answer, moment.error, moment.is_end = answer, error, True


class Rehearsals:
    """What every function was seen to do, by name, payload and how finely work is cut."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._methods: dict[str, Method] = {}
        self._first: dict[Hashable, Moment] = {}
        self._known = self._runs = 0

    def forget(self) -> None:
        """Begin anew: the functions are not what they were."""
        self._first.clear()
        self._known = 0

    def listen(self, client: object, *methods: str) -> None:
        """Hear every call of some of a client's methods."""
        for method in methods:
            name = f"{type(client).__name__}.{method}"
            self._methods[name] = getattr(client, method)
            setattr(client, method, self._heard(name, self._methods[name]))

    def _heard(self, name: str, method: Method) -> Method:
        @wraps(method)
        def heard(**asked: Any) -> Any:  # noqa: ANN401 - as boto3 has it
            invocation = self._calls.invocation
            if invocation is None or invocation.script is None or invocation.is_dead:
                return method(**asked)
            return invocation.script.call(name, method, asked)

        return heard

    def run(self, which: Hashable, handler: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Run a function, as far as it is not known what it does.

        Raises
        ------
        FickleError
            When it calls otherwise than it did when it was told the same.
        """
        moment, heard = self._first.setdefault(which, Moment()), deque[Said]()
        while moment.call is not None:
            said = _made(self._methods[moment.method], moment)
            heard.append(said)
            moment = moment.following.setdefault(said.content, Moment())
        self._runs += 1
        if not moment.is_end or self._runs % _LOOKED_AT == 0:
            moment = self._really(Script(moment, heard), handler)
        if moment.error is not None:
            raise moment.error.with_traceback(None)
        return moment.answer

    def _really(self, script: Script, handler: Callable[[], Any]) -> Moment:
        invocation = self._calls.invocation
        assert invocation is not None
        invocation.script = script
        if self._known > _MOST:
            self.forget()
        try:
            answer, error = handler(), None
        except FickleError:
            raise
        except Exception as raised:  # noqa: BLE001 - how the function ends
            answer, error = None, raised
        finally:
            self._known += script.made
        script.end(answer, error)
        return script.moment


def _made(method: Method, moment: Moment) -> Said:
    try:
        return Said(moment.call, answer=method(**moment.asked))
    except ClientError as error:
        return Said(moment.call, error=error)


def _frozen(value: Any) -> Hashable:  # noqa: ANN401 - JSON with bytes in it
    if isinstance(value, Mapping):
        return tuple((key, _frozen(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, Body):
        return len(value.content), hash(value.content)
    return value  # type: ignore[no-any-return]
