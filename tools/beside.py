"""A function that runs in a second process while this one goes on; only for commands without threads."""

import marshal
import os


def cores():
    """How many processes may run at once; 1 where a process cannot be split in two."""
    if not hasattr(os, "fork"):
        return 1
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def beside(function):
    """Start a function that sees all data of this process; returns a function that gives its answer.

    The answer is made of plain values (numbers, texts, tuples, lists, dictionaries, bytes). When the
    second process ends badly, the function is called here.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _answer(function, reader, writer)
    os.close(writer)

    def answer():
        with os.fdopen(reader, "rb") as stream:
            data = stream.read()
        _pid, status = os.waitpid(child, 0)
        return function() if status else marshal.loads(data)  # our own process wrote it

    return answer


def _answer(function, reader, writer):
    """The whole life of the second process; nothing of the first one is flushed or closed by it."""
    code = 1
    try:
        os.close(reader)
        data = marshal.dumps(function())
        with os.fdopen(writer, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        os._exit(code)
