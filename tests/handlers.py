"""Load a function's handler as a worker of Lambda does: by its path, anew."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

FUNCTIONS = Path(__file__).parents[1] / "functions"


def load_handler(path: str) -> ModuleType:
    """Load `functions/<path>/handler.py`, with clients and settings of its own."""
    spec = importlib.util.spec_from_file_location(
        path.replace("/", "_"), FUNCTIONS / path / "handler.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
