"""Run `dengji`: the one place where errors become messages and exit codes.

Exit codes: 0 done, or the answer is yes; 1 the chain refused, or the answer is no; 2 usage; 3 bad
input or configuration; 4 trouble with the node, or undecidable; 5 integrity failure; `verify` also
6 for an older version and 7 for unknown content. Outside the commands' own codes: 70 a fault of
dengji itself, 74 the output could not be written, 130 interrupted, 141 the reader of the output
went away.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

import click

from cli import streams
from cli.session import Session
from cli.tree import root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output import Answer, Json, Page, Raw
    from registry.errors import RegistryError

USAGE: Final = 2
BAD_INPUT: Final = 3
UNDECIDED: Final = 4
FAULT: Final = 70
UNWRITABLE: Final = 74
INTERRUPTED: Final = 130
READER_GONE: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    if "_DENGJI_COMPLETE" in os.environ:
        return _complete()
    given = list(sys.argv[1:] if arguments is None else arguments)
    session = Session.early(given, os.environ)
    try:
        return _answered(given, session)
    except BrokenPipeError:
        return _reader_gone()
    except streams.OutputFailed as error:
        return _unwritable(session, error)


def entry() -> NoReturn:
    """Run the command line of this process, and end it.

    A question lives for a fraction of a second: nothing it makes needs to be collected, nor taken
    down piece by piece at the end. (What takes long turns the collector on again.)
    """
    gc.disable()
    # What is kept at home is its owner's alone to read, whatever writes it: we, SQLite or anvil.
    os.umask(0o077)
    streams.prepare()
    code = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = READER_GONE
    except OSError:
        code = UNWRITABLE
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _answered(given: list[str], session: Session) -> int:
    """Run, and turn what goes wrong into its message and code, except on the output itself."""
    try:
        return _run(given, session)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        return _usage(session, error)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted(session)
    except (BrokenPipeError, streams.OutputFailed):
        raise
    except Exception as error:  # noqa: BLE001 (the one boundary)
        return _failed(session, error)


def _run(given: list[str], session: Session) -> int:
    with root.make_context("dengji", given, obj=session) as context:
        try:
            return _told(session, root.invoke(context))
        except BaseException as error:
            _say_what_is_under_way(session, error)
            raise
        finally:
            session.close()


def _told(session: Session, answer: Answer | Page | Raw | None) -> int:
    """Print an answer; only then are the outcomes that it tells no longer waited for."""
    session.settle()
    if answer is not None:
        session.printer.answer(answer, session.ledger())
    session.told()
    return 0 if answer is None else int(answer.exit_code)


def _say_what_is_under_way(session: Session, error: BaseException) -> None:
    """Say, where nobody knows what became of it, what was sent."""
    undecided = getattr(error, "exit_code", 0) == UNDECIDED
    if undecided or isinstance(error, (KeyboardInterrupt, click.Abort)):
        # The journal may be what is broken: the error itself is told in any case.
        with suppress(Exception):
            session.say_what_is_under_way()


def _complete() -> int:
    # Imported here for start-up time: only the shell's completion needs it.
    from click.shell_completion import shell_complete  # noqa: PLC0415

    session = Session.early([], os.environ)
    wanted = os.environ["_DENGJI_COMPLETE"]
    return shell_complete(root, {"obj": session}, "dengji", "_DENGJI_COMPLETE", wanted)


def _usage(session: Session, error: click.UsageError) -> int:
    # Imported here for start-up time: only a mistake needs it.
    from cli import usage  # noqa: PLC0415

    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not session.json:
        streams.mention(error.ctx.get_help(), sys.stderr)
        return USAGE
    code, fields = usage.explain(error)
    sentence = usage.sentence(code, fields, session.lang)
    session.printer.error(code, fields, sentence, usage.hint(code, fields, error, session.lang))
    return USAGE


def _failed(session: Session, error: Exception) -> int:
    """Print an error of ours by its code, the system's, any other as a fault of dengji."""
    # Imported here for start-up time: most runs end well.
    from registry import errors, messages, redaction  # noqa: PLC0415

    lang = session.lang
    if session.debug:
        _trace(error)
    if isinstance(error, errors.RegistryError):
        fields: dict[str, Json] = dict(error.fields)
        faults, hinted = _faults(error, lang), messages.hint(error, lang) or ""
        session.printer.error(error.code, fields, messages.render(error, lang), hinted, faults)
        return error.exit_code
    if isinstance(error, OSError) and error.errno is not None:
        told = {
            "path": redaction.concealed_path(str(error.filename or "")),
            "reason": error.strerror or str(error),
        }
        key = "cli.system-refused" if told["path"] else "cli.system-refused.unnamed"
        sentence = messages.text(key, lang, **told)
        hint = messages.text("cli.system-refused.hint", lang)
        session.printer.error("system-refused", told, sentence, hint)
        return BAD_INPUT
    kind, said = type(error).__name__, redaction.concealed(str(error))
    session.printer.error(
        "fault",
        {"kind": kind, "reason": said},
        messages.text("cli.fault", lang, kind=kind, reason=said),
        messages.text("cli.fault.hint", lang),
    )
    return FAULT


def _faults(error: RegistryError, lang: str) -> list[str]:
    """Return the faults of a document that has several, each as its sentence, after a heading."""
    from registry import errors, messages  # noqa: PLC0415 (start-up: most runs end well)

    if not isinstance(error, errors.MetadataInvalid | errors.TableInvalid):
        return []
    if len(error.problems) < 2:  # noqa: PLR2004
        return []
    told = [messages.flaw(one, lang) for one in error.problems]
    if isinstance(error, errors.MetadataInvalid):
        return [messages.text("cli.faults", lang, count=len(told)), *told]
    heading = messages.text("cli.faults.table", lang, file=error.file, count=error.count)
    more = error.count - len(told)
    return [heading, *told, *([messages.text("cli.faults.more", lang, count=more)] if more else ())]


def _trace(error: Exception) -> None:
    import traceback  # noqa: PLC0415 (start-up: seldom asked)

    from registry import redaction  # noqa: PLC0415 (start-up: most runs end well)

    sys.stderr.write(redaction.concealed_trace("".join(traceback.format_exception(error))))


def _interrupted(session: Session) -> int:
    from registry import messages  # noqa: PLC0415 (start-up: most runs end well)

    session.printer.error(
        "interrupted",
        {},
        messages.text("cli.interrupted", session.lang),
        messages.text("cli.interrupted.hint", session.lang),
    )
    return INTERRUPTED


def _unwritable(session: Session, error: streams.OutputFailed) -> int:
    """Say that the answer could not be printed: on stderr, since stdout takes nothing."""
    from registry import messages  # noqa: PLC0415 (start-up: most runs end well)

    sentence = messages.text("cli.output-unwritable", session.lang, reason=error.reason)
    for key, said in (
        ("cli.error", {"message": sentence}),
        ("cli.hint", {"hint": messages.text("cli.output-unwritable.hint", session.lang)}),
    ):
        streams.mention(messages.text(key, session.lang, **said), sys.stderr)
    return UNWRITABLE


def _reader_gone() -> int:
    # The interpreter flushes stdout once more at its end: let that go nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE
