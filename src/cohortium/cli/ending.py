"""How a command ends when something goes wrong: one message, an exit code, and never a value from the data."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from cohortium.errors import CohortiumError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

DEBUG = "COHORTIUM_DEBUG"
INTERRUPTED = 130
TERMINATED = 128
UNEXPECTED = 70
_MOMENT_SECONDS = 0.02


@contextmanager
def ending_well(*, as_json: bool) -> Iterator[None]:
    """Run a command; end the process with the error's exit code.

    An error that is not of a known family is a defect of the program. Its text could hold a value of a patient, so
    only its kind and its place are shown; set COHORTIUM_DEBUG=1 for the traceback.
    """
    before = {number: signal.signal(number, _end_on_signal) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except CohortiumError as error:
        _end(error, as_json=as_json)
    except KeyboardInterrupt:
        _say("interrupted; nothing was changed")
        _exit(INTERRUPTED)
    except BrokenPipeError:
        _exit(OutputError.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if isinstance(error.filename, str) else ""
        _end(OutputError(f"{where}{error.strerror or 'the system refused'}"), as_json=as_json)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        _say(f"unexpected {type(error).__name__} in {_place(error)}; this is a defect of the program, please report it")
        _exit(UNEXPECTED)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(error: CohortiumError, *, as_json: bool) -> NoReturn:
    if as_json:
        from cohortium.cli.listing import error_json

        print(error_json(error))
    else:
        _say(str(error))
    _exit(error.exit_code)


def _say(text: str) -> None:
    print(f"cohortium: {text}", file=sys.stderr)


def _exit(code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except OSError:
        # Nobody reads any more; without this Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _place(error: BaseException) -> str:
    """Module and line of this program in which the error arose."""
    place = "an unknown place"
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "cohortium" in file.parts:
            place = f"{file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _end_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave as after an exception, so that temporary directories and processes are cleared away."""
    sys.unraisablehook = partial(_end_again, number, sys.unraisablehook)
    sys.exit(TERMINATED + number)


def _end_again(number: int, otherwise: Callable[[Any], Any], ignored: Any) -> None:
    """A signal that came inside a callback in which Python drops exceptions is sent once more, a moment later."""
    if not isinstance(ignored.exc_value, SystemExit):
        otherwise(ignored)
        return
    sys.unraisablehook = otherwise
    later = threading.Timer(_MOMENT_SECONDS, os.kill, (os.getpid(), number))
    later.daemon = True
    later.start()
