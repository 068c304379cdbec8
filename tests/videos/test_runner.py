"""The cage around the tools: what it lets them read, write, reach and take, and that they die with us."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from videos import runner
from videos.runner import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cage is made of Linux's own means")


def _offered(code: str) -> bool:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


needs_landlock = pytest.mark.skipif(
    not _offered("import ctypes; assert ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) > 0"),
    reason="this kernel has no Landlock: the white lists and the limits remain",
)
needs_namespaces = pytest.mark.skipif(
    not _offered("import os; os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)"),
    reason="user namespaces are closed here: the white lists and the limits remain",
)

QUICK = Limits(wall_s=20, cpu_s=20, stall_s=20)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    return made


def python(code: str, folder: Path, *, reads=(), limits=QUICK, **options) -> runner.Ended:
    argv = [sys.executable, "-I", "-S", "-c", textwrap.dedent(code)]
    return runner.run(argv, limits=limits, reads=reads, folder=folder, **options)


@needs_landlock
def test_tool_reads_its_source_and_nothing_beside_it(folder, tmp_path):
    source, sibling = tmp_path / "source", tmp_path / "sibling"
    source.write_text("mine")
    sibling.write_text("of somebody else")
    code = f"""
        print(open({str(source)!r}).read())
        for path in ({str(sibling)!r}, "/etc/passwd", "/proc/self/environ"):
            try: print("read", open(path).read())
            except OSError as error: print(type(error).__name__)
    """
    assert python(code, folder, reads=[source]).output.split() == ["mine", *["PermissionError"] * 3]


@needs_landlock
def test_tool_writes_into_its_folder_only(folder, tmp_path):
    source = tmp_path / "source"
    source.write_text("mine")
    code = f"""
        open("made", "w").write("x")
        for path in ({str(tmp_path / "elsewhere")!r}, {str(source)!r}):
            try: open(path, "w")
            except OSError as error: print(type(error).__name__)
    """
    assert python(code, folder, reads=[source]).output.split() == ["PermissionError", "PermissionError"]
    assert (folder / "made").read_text() == "x"
    assert source.read_text() == "mine"


@needs_namespaces
def test_tool_reaches_no_address_not_even_this_machine(folder):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()  # canary: it does listen
        code = f"""
            import socket
            try: socket.create_connection(("127.0.0.1", {port}), timeout=2); print("connected")
            except OSError: print("refused")
        """
        assert python(code, folder).output.strip() == "refused"


def test_tool_sees_none_of_our_environment(folder, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret of ours")
    assert "secret" not in python("import os; print(dict(os.environ))", folder).output


def test_memory_is_limited(folder):
    ended = python("bytearray(4 * 1024**3)", folder, limits=Limits(wall_s=20, cpu_s=20, memory_bytes=1024**3))
    assert ended.code != 0
    assert "MemoryError" in ended.errors


def test_processor_time_is_limited(folder):
    assert python("while True: pass", folder, limits=Limits(wall_s=20, cpu_s=1)).code == -signal.SIGKILL


def test_size_of_a_file_is_limited(folder):
    code = 'f = open("big", "wb"); [f.write(bytes(65536)) for _ in range(100)]'
    assert python(code, folder, limits=Limits(wall_s=20, cpu_s=20, file_bytes=1024**2)).code != 0
    assert (folder / "big").stat().st_size <= 1024**2


@pytest.mark.parametrize("limits", [Limits(wall_s=1, cpu_s=20), Limits(wall_s=20, cpu_s=20, stall_s=1)])
def test_tool_that_does_not_advance_is_ended(folder, limits):
    with pytest.raises(runner.Overrun):
        python("import time; time.sleep(60)", folder, limits=limits)


def test_children_of_the_tool_end_with_it(folder):
    code = """
        import os, time
        child = os.fork()
        if child: print(child, flush=True)
        time.sleep(60)
    """
    seen: list[int] = []
    with pytest.raises(runner.Overrun):
        python(code, folder, limits=Limits(wall_s=3, cpu_s=20), on_bytes=lambda block: seen.append(int(block)))
    assert is_gone(seen[0])


def test_talkative_tool_does_not_fill_our_memory(folder):
    ended = python("import sys\nfor _ in range(3000): sys.stderr.write('x' * 1000); print('y' * 1000)", folder)
    assert ended.code == 0
    assert len(ended.errors) <= runner.STDERR_KEPT
    assert len(ended.output) <= runner.STDOUT_KEPT


def test_unwanted_work_is_ended(folder):
    lost = threading.Event()
    lost.set()
    started = time.monotonic()
    with pytest.raises(runner.Abandoned):
        python("import time; time.sleep(60)", folder, lost=lost)
    assert time.monotonic() - started < 30


def test_error_of_the_listener_ends_the_tool(folder):
    def refuse(block):
        raise ValueError(block)

    with pytest.raises(ValueError, match="1"):
        python("import time; print(1, flush=True); time.sleep(60)", folder, on_bytes=refuse)


@pytest.mark.fault
def test_tool_dies_when_its_worker_is_killed(folder):
    code = f"""
        import sys
        sys.path.insert(0, {str(Path(runner.__file__).parents[1])!r})
        from pathlib import Path
        from videos import runner
        tool = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
        runner.run(
            [sys.executable, "-I", "-S", "-c", tool], limits=runner.Limits(wall_s=60, cpu_s=20), reads=[],
            folder=Path({str(folder)!r}), on_bytes=lambda block: print(int(block), flush=True),
        )
    """
    worker = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    tool = int(worker.stdout.readline())
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert is_gone(tool)


def is_gone(pid: int, within_s: float = 20) -> bool:
    """Tell whether a process ends; one that nobody has waited for yet counts as ended."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
