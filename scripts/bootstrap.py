#!/usr/bin/env python3
"""Make .venv from the hashed locks, with any Python >= 3.12 of this machine.

Runs on any Python >= 3.8, with the standard library alone, so that `make` needs nothing installed before it.
Usage: bootstrap.py [--test]      (with --test, the test tools too)
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CHECK = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))"


def candidates():
    """Yield the commands that may be a Python new enough, the surest first."""
    yield os.environ.get("PROJECT_PYTHON", "")
    yield sys.executable
    names = ["python3.14", "python3.13", "python3.12"]
    yield from names
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for home in (pyenv, "/root/.pyenv", "/usr/local/pyenv"):
        yield from sorted(glob.glob(home + "/versions/3.1[2-9]*/bin/python"), reverse=True)
    for folder in ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"):
        yield from (folder + "/" + name for name in names)


def works(command):
    """Tell whether `command` really runs a Python that can make a venv (a pyenv shim may exist and not run)."""
    if not command:
        return False
    try:
        return subprocess.run([command, "-c", CHECK], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def make_venv():
    for command in candidates():
        if works(command):
            subprocess.run([command, "-m", "venv", "--clear", str(VENV)], check=True)
            return
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "venv", "--clear", "--seed", "--python", ">=3.12", str(VENV)]).returncode == 0:
        return
    sys.exit(
        "Il faut Python 3.12 ou plus récent, et aucun n’a été trouvé sur cette machine. "
        "Installez-en un, ou dites où il est : PROJECT_PYTHON=/chemin/vers/python3.12 make demo"
    )


def main():
    lock = ROOT / ("requirements-test.lock" if "--test" in sys.argv[1:] else "requirements.lock")
    stamp = VENV / (lock.name + ".installed")
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest and works(str(VENV / "bin/python")):
        return
    if not works(str(VENV / "bin/python")):
        make_venv()
    print("Installation de ce qu’il faut (" + lock.name + ") : une à trois minutes la première fois…", flush=True)
    subprocess.run(
        [
            str(VENV / "bin/python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--no-deps",  # the lock names them all
            "-r",
            str(lock),
        ],
        check=True,
    )
    stamp.write_text(digest)


if __name__ == "__main__":
    main()
