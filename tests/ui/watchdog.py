"""A watchdog over the window's event loop: every turn that kept the window from answering, and what was running then.

A beat comes every few milliseconds through the event loop. What passes between two beats beyond that is time in which
no key would have been answered. On a busy computer part of it is the computer's: the system (Linux) says how long
the thread stood in line for a processor, and that is taken off. What is left is

- `busy`: the window's thread was computing; a loaded computer does not make this longer;
- `waited`: it was asleep inside a turn, for a lock, the disk, another thread that held the interpreter. The time in
  which other threads of the program stood in line is taken off too, but never what they computed meanwhile.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from ui.window import Window

EVERY = 5
"""Milliseconds between beats."""
MOST = 0.05
"""Seconds after which a person notices that the window stands still."""
SETTLED = 0.05
"""Seconds without any work after which a step is over: what it asked for has been drawn."""


@dataclass(slots=True)
class Stall:
    """One turn that was too long: seconds, the step it happened in, and the places most seen in it."""

    step: str
    busy: float
    waited: float
    wall: float
    places: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        seen = "; ".join(f"{place} x{count}" for place, count in self.places.most_common(3))
        return (
            f"{self.step}: busy {self.busy * 1000:.0f} ms, waited {self.waited * 1000:.0f} ms"
            f" ({self.wall * 1000:.0f} ms by the clock): {seen or 'nothing seen'}"
        )


class Watchdog(QObject):
    """Watches the thread it is made on, while `drive` takes its steps."""

    def __init__(self, most: float = MOST) -> None:
        super().__init__()
        self.most = most
        self.step = "start"
        self.stalls: list[Stall] = []
        self.worst: dict[str, float] = {}
        self._me = threading.get_ident()
        self._mine = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._others = 0.0
        self._samples: Counter[str] = Counter()
        self._ended = threading.Event()
        self._at = self._now()
        self._timer = QTimer(self, interval=EVERY, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.beat)
        self._looker = threading.Thread(target=self._look, daemon=True)

    def _now(self) -> tuple[float, float, float, float]:
        """Give the clock, this thread's computing, its time in line and the computing of all threads, in seconds."""
        return time.perf_counter(), time.thread_time(), _in_line(self._mine), time.process_time()

    def _others_now(self) -> float:
        """Give how long this program's other threads have stood in line, in seconds."""
        own = {str(threading.get_native_id()), str(self._looker.native_id), self._mine.parent.name}
        threads = self._mine.parent.parent.glob("*/schedstat")
        return sum(_in_line(each) for each in threads if each.parent.name not in own)

    def __enter__(self) -> Watchdog:
        self._timer.start()
        self._looker.start()
        self._at = self._now()
        return self

    def __exit__(self, *_: object) -> None:
        self.beat()
        self._ended.set()
        self._timer.stop()
        self._looker.join()

    def beat(self) -> None:
        """Look at what passed since the last beat."""
        now = self._now()
        wall, busy, in_line, every = (new - old for new, old in zip(now, self._at, strict=True))
        waited = wall - busy - in_line - EVERY / 1000
        if waited > self.most:
            waited = max(waited - self._others_now() + self._others, min(waited, every - busy))
        samples, self._samples = self._samples, Counter()
        self._at = now
        self.worst[self.step] = max(self.worst.get(self.step, 0.0), busy)
        if busy > self.most or waited > self.most:
            self.stalls.append(Stall(self.step, busy, waited, wall, samples))

    def _look(self) -> None:
        """See, from another thread, where the watched one is whenever its turn is getting long."""
        while not self._ended.wait(0.01):
            if time.perf_counter() - self._at[0] < self.most / 2:
                self._others = self._others_now()
            else:
                frames = sys._current_frames()
                self._samples[_place(frames.get(self._me))] += 1
                for thread, frame in frames.items():
                    if thread not in (self._me, threading.get_ident()):
                        self._samples["beside: " + _place(frame)] += 0
                del frames


def _in_line(schedstat: Path) -> float:
    """Give how long a thread has stood in line for a processor, in seconds; 0 where the system does not say."""
    try:
        return int(schedstat.read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def _place(frame: object) -> str:
    """Say where a thread is: the innermost line, and our own innermost lines around it."""
    lines: list[str] = []
    ours = 0
    while frame is not None and ours < 3:
        name = frame.f_code.co_filename.replace("\\", "/")  # type: ignore[attr-defined]
        mine = "/ui/" in name or "/cis_desktop/" in name
        if mine or not lines:
            short = "/".join(name.split("/")[-2:])
            lines.append(f"{short}:{frame.f_lineno} {frame.f_code.co_name}")  # type: ignore[attr-defined]
            ours += mine
        frame = frame.f_back  # type: ignore[attr-defined]
    return " < ".join(lines)


def drive(window: Window, watchdog: Watchdog, steps: Iterator[str], limit: float = 120) -> None:
    """Take steps inside the event loop, as a person's keys would come: each `yield` names what is done after it.

    A step begins when all that the one before asked for is done and drawn. Raises what a step raises, and
    TimeoutError when one is not over after `limit` seconds.
    """
    loop = QEventLoop()
    trouble: list[Exception] = []
    quiet_since = began = time.perf_counter()
    coming = next(steps)

    def look() -> None:
        nonlocal quiet_since, began, coming
        now = time.perf_counter()
        if window.jobs.busy():
            quiet_since = now
        if now - began > limit:
            trouble.append(TimeoutError(watchdog.step))
            loop.quit()
        elif now - quiet_since > SETTLED:
            watchdog.beat()
            try:
                watchdog.step = coming
                coming = next(steps)
            except StopIteration:
                loop.quit()
            except Exception as error:  # noqa: BLE001 - carried out of the event loop and raised there
                trouble.append(error)
                loop.quit()
            quiet_since = began = time.perf_counter()

    timer = QTimer(interval=10)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if trouble:
        raise trouble[0]
