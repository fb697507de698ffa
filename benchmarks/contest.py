"""One contestant at one programme: in a process of its own, killed where it overruns its limit."""

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.answers import Claim, Verdict, judge
from benchmarks.competitor import Competitor
from benchmarks.entry import Entry
from benchmarks.environment import python_of
from benchmarks.measure import GIB, ROOT
from benchmarks.peak import held
from benchmarks.programme import Programme

GRACE = 10.0
"""Seconds beyond the limit, for starting and for solvers that stop a little late."""

_LOOK = 0.05
"""Seconds between two looks at the memory of the process."""


@dataclass(frozen=True)
class Contest:
    """A programme that contestants try themselves at.

    Parameters
    ----------
    family, programme
        What it is.
    best
        Its proven optimum.
    limit
        Seconds for building and solving.
    repeats
        How often at most a contestant that is fast attempts it.
    """

    family: str
    programme: Programme
    best: Fraction
    limit: float
    repeats: int

    def entry(self, competitor: Competitor) -> Entry:
        """What a contestant made of it, judged by ourselves."""
        if competitor.missing:
            return self._noted(competitor, "missing", ", ".join(competitor.missing))
        with tempfile.TemporaryDirectory(prefix="metneed-attempt-") as name:
            folder = Path(name)
            self.programme.save(folder / "programme.npz")
            done = attempt(competitor, folder, self.limit, self.repeats)
            if done.killed:
                noted = self._noted(competitor, "killed", "did not keep to the limit")
                return noted.model_copy(update={"memory": done.peak / GIB})
            if done.answer is None:
                return self._noted(competitor, "failed", done.words)
            verdict = self._verdict(folder, done.answer)
            return self._answered(competitor, done, verdict)

    def _noted(self, competitor: Competitor, state: str, why: str) -> Entry:
        return Entry.model_validate(
            {
                "family": self.family,
                "users": self.programme.n_users,
                "kind": "lp" if self.programme.divisible else "whole",
                "contestant": competitor.name,
                "title": competitor.title,
                "limit": self.limit,
                "state": state,
                "why": why,
            }
        )

    def not_tried(self, competitor: Competitor, why: str) -> Entry:
        """That a contestant was not let at it, and why."""
        return self._noted(competitor, "not tried", why)

    def _verdict(self, folder: Path, answer: dict[str, Any]) -> Verdict:
        file = folder / "shares.npy"
        shares = np.load(file) if file.exists() else None
        claim = Claim(answer["value"], answer["bound"], answer["claims_optimal"])
        return judge(self.programme, shares, claim, self.best)

    def _answered(self, competitor: Competitor, done: "Done", verdict: Verdict) -> Entry:
        answer = done.answer or {}
        return self._noted(competitor, "answered", "").model_copy(
            update={
                "build": statistics.median(answer["build"]),
                "solve": statistics.median(answer["solve"]),
                "first": answer["build"][0] + answer["solve"][0],
                "runs": len(answer["build"]),
                "memory": max(done.peak, answer["peak"]) / GIB,
                "says": answer["says"],
                "claims_optimal": answer["claims_optimal"],
                "claimed": answer["value"],
                "bound": answer["bound"],
                "value": verdict.value,
                "gap": verdict.gap,
                "faults": verdict.faults,
                "versions": answer["versions"],
            }
        )


@dataclass(frozen=True)
class Done:
    """How a process ended.

    Parameters
    ----------
    answer
        What it wrote, None where it failed or was killed.
    killed
        Whether it overran its limit.
    peak
        Most bytes that it and what it started were seen to hold together.
    words
        The last line that it said on its way out.
    """

    answer: dict[str, Any] | None
    killed: bool
    peak: int
    words: str = ""


def attempt(competitor: Competitor, folder: Path, limit: float, repeats: int) -> Done:
    """Let a contestant work on ``programme.npz`` of a folder; its answer is written there.

    It and everything that it started is killed where it has not ended `GRACE` after the limit.
    """
    environment = competitor.environment
    python = sys.executable if environment is None else str(python_of(environment))
    asked = {
        "place": competitor.place,
        "distributions": competitor.distributions,
        "limit": limit,
        "repeats": repeats,
    }
    command = [python, "-m", "benchmarks.attempt", str(folder), json.dumps(asked)]
    said = folder / "said"
    with said.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            # What solvers write for themselves goes with the folder, also when they are killed.
            env={**os.environ, "TMPDIR": str(folder)},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            killed, peak = _watch(process, time.monotonic() + limit + GRACE)
        finally:
            _kill(process)
    if killed:
        return Done(None, killed=True, peak=peak)
    if process.returncode != 0:
        return Done(None, killed=False, peak=peak, words=_last_words(said, process.returncode))
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    return Done(answer, killed=False, peak=peak)


def _watch(process: subprocess.Popen[bytes], deadline: float) -> tuple[bool, int]:
    """Wait for a process to end; whether it is to be killed, and what it held at most."""
    peak = 0
    while process.poll() is None:
        if time.monotonic() > deadline:
            return True, peak
        peak = max(peak, held(process.pid))
        time.sleep(_LOOK)
    return False, peak


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started; nothing where all have ended."""
    if hasattr(os, "killpg"):
        # Its group outlives it where something that it started is still running.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _last_words(said: Path, code: int) -> str:
    lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"{lines[-1] if lines else 'no words'} (code {code})"
