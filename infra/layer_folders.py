"""Build the folders that layers are made of, without Docker."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from infra.stages import LayerSource, Stage

PROJECT = Path(__file__).resolve().parents[1]
BUILD = PROJECT / ".build"
THIRD_PARTY = ("api", "columnar", "console", "documents", "encryption", "messages", "screening")
SCRIPTS = {"console": (BUILD / "scripts" / "node_modules" / "htmx.org" / "dist" / "htmx.min.js",)}
"""What a layer carries for browsers, as the package `browser_scripts`; fetched by setup."""
LAMBDA_PYTHON = "3.13"
LAMBDA_PLATFORM = "aarch64-manylinux_2_28"
"""Amazon Linux 2023, on which Python 3.13 runs there, has glibc 2.34; rapidfuzz asks for 2.26."""
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
"""What Lambda's Python runtime brings itself."""


class LayerBuildError(Exception):
    """A layer could not be built; one sentence says why."""


def layer_folders(stage: Stage) -> Mapping[str, Path]:
    """Return the folder of every layer for `stage`, built if it is not there yet.

    Raises
    ------
    LayerBuildError
        uv is missing, or a package has no wheel for the Lambda platform.
    """
    build = _link_layer if stage.layer_source is LayerSource.THIS_MACHINE else _wheel_layer
    return {
        "backoffice": PROJECT / "layers" / "backoffice",
        **{name: build(name) for name in THIRD_PARTY},
    }


def _link_layer(name: str) -> Path:
    """Build a layer that names this environment's packages instead of carrying 183 MB of them."""
    packages = Path(sysconfig.get_path("purelib"))
    mark = hashlib.sha256(str(packages).encode()).hexdigest()[:12]
    folder = BUILD / "layers" / f"this-machine-{mark}" / name
    site = folder / "python" / "lib" / f"python{LAMBDA_PYTHON}" / "site-packages"
    site.mkdir(parents=True, exist_ok=True)
    (site / f"{name}.pth").write_text(f"{packages}\n")
    add_scripts(name, site)
    return folder


def _wheel_layer(name: str) -> Path:
    """Build a layer of the lock's wheels for the Lambda platform."""
    lock = hashlib.sha256((PROJECT / "uv.lock").read_bytes()).hexdigest()[:12]
    folder = BUILD / "layers" / f"{LAMBDA_PLATFORM}-{LAMBDA_PYTHON}-{lock}" / name
    if not folder.exists():
        install_layer(name, folder, python=LAMBDA_PYTHON, platform=LAMBDA_PLATFORM, inside="python")
    return folder


def install_layer(
    name: str, folder: Path, *, python: str, platform: str | None, inside: str
) -> None:
    """Install the lock's packages of a layer's group into ``folder/inside``, whole or not at all.

    Parameters
    ----------
    platform
        A platform uv knows, or ``None`` for this machine's.
    """
    unfinished = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    wanted = _uv("export", "--frozen", "--only-group", f"layer-{name}", "--no-emit-project")
    requirements = unfinished / "requirements.txt"
    requirements.write_text(wanted)
    options = ["--python-platform", platform] if platform else []
    wheels = ("--only-binary", ":all:", "--no-deps", "--requirements", str(requirements))
    place = ("--target", str(unfinished / inside), "--python-version", python)
    _uv("pip", "install", "--quiet", *place, *wheels, *options)
    requirements.unlink()
    add_scripts(name, unfinished / inside)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def add_scripts(name: str, site: Path) -> None:
    """Put what a layer carries for browsers beside its packages.

    Raises
    ------
    LayerBuildError
        One was not fetched.
    """
    for script in SCRIPTS.get(name, ()):
        if not script.exists():
            raise LayerBuildError(f"{script.name} is not there: run make setup")
        package = site / "browser_scripts"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        shutil.copyfile(script, package / script.name)


def layers_alone() -> Mapping[str, Path]:
    """Return a folder of packages for every third-party layer, each for this machine and by itself.

    What a function imports from its layers can be tried on these: nothing else is in them.
    """
    lock = hashlib.sha256((PROJECT / "uv.lock").read_bytes()).hexdigest()[:12]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = BUILD / "layers" / f"alone-{version}-{lock}"
    for name in THIRD_PARTY:
        if not (folder / name).exists():
            install_layer(name, folder / name, python=version, platform=None, inside="python")
    return {name: folder / name / "python" for name in THIRD_PARTY}


def runtime_alone(folder: Path) -> Path:
    """Fill a folder with links to what Lambda's runtime has installed, and only that.

    Raises
    ------
    LayerBuildError
        One of them is not installed here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in RUNTIME:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise LayerBuildError(f"{name}, which Lambda's runtime has, is not installed here")
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (folder / source.name).symlink_to(source)
    return folder


def size_mb(folder: Path) -> float:
    """Return what a folder holds as it travels, in MiB; bytecode stays at home."""
    files = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return sum(path.stat().st_size for path in files if path.is_file()) / 2**20


def find_uv() -> str:
    """Return the project's own uv, else the machine's.

    Raises
    ------
    LayerBuildError
        There is neither.
    """
    found = shutil.which(str(BUILD / "uv" / "bin" / "uv")) or shutil.which("uv")
    if not found:
        raise LayerBuildError("uv is needed to build the layers and is not there: run make setup")
    return found


def _uv(*arguments: str) -> str:
    command = [find_uv(), "--project", str(PROJECT), "--no-progress", *arguments]
    done = subprocess.run(  # noqa: S603 - the project's own uv
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env={**os.environ, "UV_PYTHON": sys.executable},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LayerBuildError(f"a layer could not be built: {last}")
    return done.stdout
