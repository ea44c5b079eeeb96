"""A crash must not write what is in memory, names and keys, to a disk."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

NO_BOXES = 0x0001 | 0x0002
"""Windows' SEM_FAILCRITICALERRORS and SEM_NOGPFAULTERRORBOX: no report of a crash is made and offered."""
LINUX_FILTER = Path("/proc/self/coredump_filter")


def keep_no_dumps() -> None:
    """Tell the system to keep nothing of this process, and of those it starts, when they crash.

    On Linux also for systems that hand what crashed to a program whatever its limit: it gets no memory. Not by
    PR_SET_DUMPABLE, which would keep file choosers of sandboxed desktops from answering.
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(NO_BOXES)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        # Elsewhere than on Linux there is no such file.
        if LINUX_FILTER.exists():
            LINUX_FILTER.write_text("0", encoding="ascii")
