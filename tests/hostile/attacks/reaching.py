"""Reaching other processes, the network, and files that others see."""

from tests.hostile.attack import NO_WALLS, SAME_PROCESS, Attack, says

_FILES, _CALLS = "file system of a worker", "system calls of a worker"


def _does(
    name: str,
    kind: str,
    wall: str,
    code: str,
    *,
    lasting: bool = False,
    control: str = NO_WALLS,
) -> Attack:
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    code = f"import ctypes, fcntl, signal, socket\ndef act(x=None):\n{body}    return True\n"
    return Attack(name, kind, wall, control, code, says("act()"), lasting)


ATTACKS = [
    _does(
        "writes_outside", "files", _FILES, 'open(PLACES["outside"] + "/mark", "w").write("mine")'
    ),
    _does(
        "changes_the_gradebook",
        "gradebook",
        _FILES,
        """
import sqlite3
book = sqlite3.connect(PLACES["gradebook"])
book.execute("update grade set manual_score = 99")
book.commit()
""",
    ),
    _does(
        "overwrites_the_graders",
        "files",
        _FILES,
        'open(PLACES["graders_copy"], "a").write("# mine")',
    ),
    _does(
        "overwrites_another_submission",
        "other submissions",
        _FILES,
        'open(PLACES["other"], "w").write("worse")',
    ),
    _does("deletes_another_submission", "other submissions", _FILES, 'os.unlink(PLACES["victim"])'),
    _does(
        "renames_the_folder_of_another_submission",
        "other submissions",
        _FILES,
        'os.rename(PLACES["moved"], PLACES["moved"] + ".gone")',
    ),
    _does("changes_a_mode", "files", _CALLS, 'os.chmod(PLACES["mode"], 0)'),
    _does("changes_a_time", "files", _CALLS, 'os.utime(PLACES["mode"], (1, 1))'),
    _does(
        "starts_a_process",
        "processes",
        _CALLS,
        """
if os.fork() == 0:
    open(PLACES["outside"] + "/child", "w").close()
    os._exit(0)
""",
    ),
    _does(
        "runs_a_program",
        "processes",
        _CALLS,
        """
import subprocess
subprocess.run(["/usr/bin/touch", PLACES["outside"] + "/program"], check=True)
""",
    ),
    _does(
        "leaves_a_process_behind",
        "processes",
        _CALLS,
        """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        __import__("time").sleep(3)
    os._exit(0)
""",
        control=SAME_PROCESS,
    ),
    _does(
        "starts_many_threads",
        "processes",
        _CALLS,
        """
import threading, time
for _ in range(40):
    threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
""",
    ),
    _does(
        "kills_the_warm_process",
        "processes",
        _CALLS,
        """
import contextlib
if os.path.exists(PLACES["outside"] + "/killed"):
    return
with contextlib.suppress(OSError):
    open(PLACES["outside"] + "/killed", "w").close()
os.kill(os.getppid(), signal.SIGKILL)
""",
        lasting=True,
    ),
    _does("signals_the_grader", "processes", _CALLS, 'os.kill(PLACES["grader"], signal.SIGUSR1)'),
    _does(
        "traces_the_warm_process",
        "processes",
        _CALLS,
        """
libc = ctypes.CDLL(None, use_errno=True)
if libc.process_vm_readv(os.getppid(), 0, 0, 0, 0, 0) < 0:
    raise OSError(ctypes.get_errno())
""",
    ),
    _does(
        "limits_the_grader",
        "processes",
        _CALLS,
        """
import resource
soft, hard = resource.prlimit(PLACES["grader"], resource.RLIMIT_CORE)
resource.prlimit(PLACES["grader"], resource.RLIMIT_CORE, (0, 0))
""",
    ),
    _does(
        "slows_the_grader",
        "processes",
        _CALLS,
        'os.sched_setscheduler(PLACES["grader"], os.SCHED_BATCH, os.sched_param(0))',
    ),
    _does(
        "connects_to_this_machine",
        "network",
        _CALLS,
        """
with socket.create_connection(("127.0.0.1", PLACES["port"]), timeout=1) as connection:
    connection.sendall(b"hello")
""",
    ),
    _does(
        "listens_to_the_network",
        "network",
        _CALLS,
        "socket.create_server(('127.0.0.1', 0)).close()",
    ),
    _does(
        "asks_the_network_without_a_connection",
        "network",
        _CALLS,
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
        ".sendto(b'hello', ('127.0.0.1', PLACES['port']))",
    ),
    _does(
        "opens_a_named_socket",
        "network",
        _CALLS,
        "socket.socket(socket.AF_UNIX).bind('\\0firsthand-hostile')",
    ),
    _does(
        "locks_a_shared_file",
        "other submissions",
        _CALLS,
        "fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX)",
    ),
    _does(
        "makes_shared_memory",
        "other submissions",
        _CALLS,
        """
if ctypes.CDLL(None).shmget(0, 4096, 0o1600) < 0:
    raise OSError("no shared memory")
""",
    ),
    _does(
        "makes_a_pipe_with_a_name", "other submissions", _CALLS, "os.mkfifo('pipe' + str(id(act)))"
    ),
    _does(
        "makes_its_own_namespace",
        "kernel",
        _CALLS,
        """
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x04000000) < 0 and libc.unshare(0x10000000) < 0:
    raise OSError(ctypes.get_errno())
""",
    ),
    _does(
        "asks_for_io_behind_the_filter",
        "kernel",
        _CALLS,
        """
if ctypes.CDLL(None).syscall(425, 1, ctypes.create_string_buffer(120)) < 0:
    if ctypes.CDLL(None).syscall(323, 0) < 0 and ctypes.CDLL(None).memfd_create(b"x", 0) < 0:
        raise OSError("none of the three")
""",
    ),
]
