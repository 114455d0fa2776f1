"""The house's shapes: small modules, small functions, rooms with names, no float near money."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("layers/backoffice/python/backoffice", "functions", "infra", "cli", "samples")
MODULE_LINES, MODULE_LINES_HARD = 200, 400
FUNCTION_LINES, FUNCTION_LINES_HARD = 25, 50
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}

# What is larger than the house likes today; these numbers may only fall.
LARGE_MODULES = 8
LARGE_FUNCTIONS = 22


def _modules() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "__pycache__" not in path.parts]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function's name and lines of code, its docstring left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield f"{path.relative_to(ROOT)}:{node.name}", lines


def test_no_module_is_named_for_nothing() -> None:
    assert [path for path in _modules() if path.stem in FORBIDDEN] == []


def test_modules_are_small_and_larger_ones_become_no_more() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in _modules()}
    assert {path: n for path, n in sizes.items() if n > MODULE_LINES_HARD} == {}
    assert sum(n > MODULE_LINES for n in sizes.values()) <= LARGE_MODULES


def test_functions_are_small_and_larger_ones_become_no_more() -> None:
    sizes = dict(found for path in _modules() for found in _functions(path))
    assert {name: n for name, n in sizes.items() if n > FUNCTION_LINES_HARD} == {}
    assert sum(n > FUNCTION_LINES for n in sizes.values()) <= LARGE_FUNCTIONS


@pytest.mark.parametrize("room", ["kernel", "reference", "intake", "clearance", "settlement"])
def test_no_binary_float_stands_in_the_rooms_of_money(room: str) -> None:
    folder = ROOT / "layers/backoffice/python/backoffice" / room
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not _is_float(node), f"{path}:{getattr(node, 'lineno', 0)}"


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.Attribute):
        return node.attr.startswith("Float")
    return isinstance(node, ast.Name) and node.id == "float"
