"""The libraries a handler loads: their import statements in its own code and the domain's."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_OURS = ("handler", "backoffice")


def library_imports(modules: Iterable[Path]) -> list[str]:
    """Return the statements by which modules import what is neither ours nor Python's own.

    Those within a function are left out, and those for type checkers: neither runs when the module
    is imported.
    """
    found: dict[str, None] = {}
    for path in modules:
        for node in _executed(ast.parse(path.read_text()).body):
            found.update(dict.fromkeys(_statements(node)))
    return list(found)


def _executed(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _executed(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _executed(node.body)


def _statements(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"import {name.name}" for name in node.names if _is_library(name.name))
    elif isinstance(node, ast.ImportFrom) and node.module and _is_library(node.module):
        yield ast.unparse(node)


def _is_library(name: str) -> bool:
    root = name.partition(".")[0]
    return root not in _OURS and root not in sys.stdlib_module_names
