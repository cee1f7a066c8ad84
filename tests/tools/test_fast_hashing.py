"""What was built in place of the wheel is kept only if it hashes, and what is missing for it is named."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from tools.fast_hashing import NotBuilt, check_needs, milliseconds_of_a_hash


def package(folder: Path) -> Path:
    """Copy the installed package to where one that was just built would be."""
    installed = importlib.util.find_spec("_argon2_cffi_bindings")
    assert installed is not None
    assert installed.origin is not None
    return Path(shutil.copytree(Path(installed.origin).parent, folder / "_argon2_cffi_bindings"))


def test_a_package_that_hashes_rightly_is_good(tmp_path: Path) -> None:
    package(tmp_path)
    assert 0.5 < milliseconds_of_a_hash(tmp_path) < 2000


@pytest.mark.parametrize("fault", ["raise ImportError('built for nothing')", "import os; os.kill(os.getpid(), 4)"])
def test_a_package_that_fails_is_not(tmp_path: Path, fault: str) -> None:
    (package(tmp_path) / "__init__.py").write_text(fault)
    with pytest.raises(NotBuilt, match="not at all"):
        milliseconds_of_a_hash(tmp_path)


def test_a_package_that_hashes_wrongly_is_not(tmp_path: Path) -> None:
    shadow = tmp_path / "argon2"
    shadow.mkdir()
    (shadow / "__init__.py").touch()
    (shadow / "low_level.py").write_text("class Type: ID = 2\ndef hash_secret(*_): return b'$argon2id$wrong'\n")
    with pytest.raises(NotBuilt, match="wrongly"):
        milliseconds_of_a_hash(tmp_path)


def test_without_a_compiler_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="apt install gcc"):
        check_needs(compiler="no-such-compiler -pthread", headers=tmp_path)


def test_without_headers_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="apt install python3-dev"):
        check_needs(compiler=sys.executable, headers=tmp_path)
