"""The real handlers, loaded as workers load them and wired to the simulated AWS."""

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Self
from unittest.mock import patch

from backoffice.front_office.preview import KnownReference
from backoffice.intake.day_inputs import resolve_inputs
from backoffice.intake.plan_file import plan_file
from backoffice.stores import conditional, served_tables
from backoffice.stores.archives import Archives
from backoffice.stores.wiring import Settings, Wiring
from tests.simulation.cloud.calls import Calls
from tests.simulation.cloud.dynamodb import CloudDynamo
from tests.simulation.cloud.rehearsed import Rehearsals
from tests.simulation.cloud.remembered import remembered
from tests.simulation.cloud.s3 import CloudS3
from tests.simulation.cloud.stores import BUCKETS, RECORDS, TABLES, WORK
from tests.simulation.fixed_signer import FixedSigner
from tests.simulation.key_ring import KeysInMemory

FUNCTIONS: Final = Path(__file__).parents[3] / "functions"
_HANDLERS: Final = {path.parent.name: path for path in sorted(FUNCTIONS.glob("*/*/handler.py"))}
_NAMES: Final = {f"{name}_bucket": name for name in BUCKETS} | {
    f"{name}_table": name for name in TABLES
}
_OF_S3: Final = (
    "get_object",
    "head_object",
    "page",
    "put_object",
    "create_multipart_upload",
    "upload_part",
    "upload_part_copy",
    "complete_multipart_upload",
    "abort_multipart_upload",
    "delete_object",
)
_OF_DYNAMODB: Final = ("put_item", "get_item", "batch_write_item", "page")
_WITH_A_MEMORY: Final = ("accept_trade",)
"""What an earlier call left in their process changes which calls they make, as does the clock."""
_FINELY: Final = (900, 8)
"""Days are tiny; cut finely, they are several ranges and several buckets all the same."""


class Clock:
    """The time of a run: it stands still but for jumps; what waits says only for how long."""

    def __init__(self) -> None:
        self._now = datetime.min.replace(tzinfo=UTC)
        self.waited = 0.0

    def set(self, now: datetime) -> None:
        self._now = now

    def jump(self, by: timedelta) -> None:
        self._now += by

    def now(self, zone: tzinfo | None = None) -> datetime:
        return self._now.astimezone(zone or UTC)

    def sleep(self, seconds: float) -> None:
        self.waited += seconds


class Functions:
    """Every function, by the name that state machines call it by."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.clock = Clock()
        self._modules = {name: _load(name, path) for name, path in _HANDLERS.items()}
        self._rehearsals, self._fineness = Rehearsals(calls), _FINELY
        self._wire()
        self._remembered = list(remembered(self.module("capture_range")))
        self._is_installed = False

    def _wire(self) -> None:
        s3, dynamodb = CloudS3(self.calls), CloudDynamo(self.calls)
        self._rehearsals.listen(s3, *_OF_S3)
        self._rehearsals.listen(dynamodb, *_OF_DYNAMODB)
        keys = KeysInMemory()
        for module in self._modules.values():
            wiring = Wiring(Settings.model_validate(_NAMES))
            # cached properties: what stands under their names is what they answer
            wiring.__dict__.update(s3=s3, dynamodb=dynamodb, client_keys=keys, signer=FixedSigner())
            if hasattr(module, "WIRING"):
                module.WIRING = wiring  # type: ignore[attr-defined]
        # what goes without columns is wired without them
        printing = Archives(s3, records=RECORDS, work=WORK)  # type: ignore[arg-type]
        self.module("print_documents")._archives = lambda: printing  # noqa: SLF001 - its own
        self.module("print_documents")._keys = lambda: keys  # noqa: SLF001 - its own
        self._cut(*_FINELY)

    def _cut(self, range_bytes: int, rows_per_bucket: int) -> None:
        self._fineness = range_bytes, rows_per_bucket
        plan = partial(plan_file, range_bytes=range_bytes, rows_per_bucket=rows_per_bucket)
        self.module("plan_file").plan_file = plan
        resolve = partial(resolve_inputs, rows_per_bucket=rows_per_bucket)
        self.module("resolve_trades").resolve_inputs = resolve

    @contextmanager
    def cut(self, range_bytes: int, rows_per_bucket: int) -> Iterator[None]:
        """Cut files and accounts otherwise for a while."""
        self._cut(range_bytes, rows_per_bucket)
        try:
            yield
        finally:
            self._cut(*_FINELY)

    def module(self, name: str) -> Any:  # noqa: ANN401 - a module has any names
        """Return the module of a function's handler."""
        return self._modules[name]

    def invoke(self, name: str, event: object, context: object = None) -> Any:  # noqa: ANN401
        """Run a function's handler, or what is known of it."""
        if name in _WITH_A_MEMORY or self.calls.invocation is None:
            return self._modules[name].main(event, context)
        text = json.dumps(event, sort_keys=True)
        handler = partial(self._modules[name].main, json.loads(text), context)
        return self._rehearsals.run((name, text, self._fineness), handler)

    def start_anew(self) -> None:
        """Begin with new workers: what an earlier run left in their memory changes no call."""
        taking = self._modules["accept_trade"]
        reader = taking._read_table  # noqa: SLF001 - its own
        taking.REFERENCE = KnownReference(reader)  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Work out anew what was remembered of the domain as it was before."""
        self._rehearsals.forget()
        for _, _, once in self._remembered:
            once.forget()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let the domain read one by one, wait in this clock's time and work out nothing twice."""
        if self._is_installed:
            yield
            return
        with ExitStack() as stack:
            for name, module in list(sys.modules.items()):
                if name.startswith("backoffice.") and hasattr(module, _POOL):
                    stack.enter_context(patch.object(module, _POOL, OneByOne))
            for place, name, once in self._remembered:
                stack.enter_context(patch.object(place, name, once))
            for waiting in (conditional, served_tables):
                stack.enter_context(patch.object(waiting, "time", self.clock))
            stack.enter_context(patch.object(self._modules["accept_trade"], "datetime", self.clock))
            self._is_installed = True
            try:
                yield
            finally:
                self._is_installed = False


_POOL: Final = "ThreadPoolExecutor"


class OneByOne:
    """A pool of no threads: who makes its calls, and in what order, is the seed's business."""

    def __init__(self, readers: int) -> None:
        del readers

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """End."""

    map = staticmethod(map)


def _load(name: str, path: Path) -> ModuleType:
    module_name = f"simulated_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    if logger := getattr(module, "LOGGER", None):
        logger.setLevel("CRITICAL")
    return module


def function_of(resource: str) -> str:
    """Name the function a state machine's placeholder stands for."""
    match = re.fullmatch(r"\$\{([A-Za-z]+)Arn\}", resource)
    assert match is not None, resource
    return re.sub(r"(?<!^)(?=[A-Z])", "_", match[1]).lower()
