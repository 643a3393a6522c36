# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No values of the database in the log of the server.

When a statement fails, Odoo logs it as it was executed: with the names and
phones of the people in it, and PostgreSQL's DETAIL repeats them. The filter
leaves the statement, the table and the constraint, which is what a developer
needs, and takes the values out. What PostgreSQL writes into its own log is set
there: ``log_error_verbosity=terse``, ``log_min_error_statement=panic``.
"""

import logging
import re
import traceback

import psycopg2

#: Loggers whose records may carry a failed statement or its exception.
LOGGERS = (
    "odoo.sql_db",
    "odoo.http",
    "odoo.schema",
    "odoo.service.model",
    "odoo.service.server",
    "odoo.modules.loading",
    "odoo.addons.base.models.ir_cron",
    "odoo.addons.base.models.ir_actions",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.rpc.controllers.jsonrpc",
)
MAX_STATEMENT = 4000

_LITERAL = re.compile(r"\b[Ee]'(?:[^'\\]|''|\\.)*'|(?:\b[BbXxNn]|\bU&)?'(?:[^']|'')*'", re.DOTALL)
_DOLLAR = re.compile(r"\$([A-Za-z_]*)\$.*?\$\1\$", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.\"])-?\d+(?:\.\d+)?(?![\w\"])")
#: Classes of SQLSTATE whose first line names tables and constraints only.
_SAFE_CLASSES = ("23", "25", "40", "42", "53", "55", "57")


def strip_values(statement):
    """The statement with every literal replaced by a question mark."""
    if isinstance(statement, (bytes, memoryview)):
        statement = bytes(statement).decode("utf-8", "replace")
    text = str(statement)[:MAX_STATEMENT]
    text = _LITERAL.sub("?", _DOLLAR.sub("?", text))
    # A literal cut off by the limit, or broken on purpose: nothing after it is trusted.
    text = text.partition("'")[0]
    return _NUMBER.sub("?", text)


def describe_error(error):
    """A database error without values: class, SQLSTATE, table, column, constraint."""
    diag = getattr(error, "diag", None)
    code = getattr(error, "pgcode", None)
    parts = [type(error).__name__]
    if code:
        parts.append(f"SQLSTATE {code}")
    primary = getattr(diag, "message_primary", None)
    if primary and code and code[:2] in _SAFE_CLASSES and code != "42601":
        parts.append(strip_values(primary))
    elif not code and isinstance(error, (psycopg2.InterfaceError, psycopg2.OperationalError)):
        # the connection itself failed: the text is about hosts and sockets
        parts.append(strip_values(str(error).partition("\n")[0]))
    for label in ("table_name", "column_name", "constraint_name"):
        value = getattr(diag, label, None)
        if value:
            parts.append(f"{label.removesuffix('_name')} {value}")
    return ", ".join(parts)


class ValueFilter(logging.Filter):
    """Rewrites records in place; never drops one."""

    def filter(self, record):
        args = record.args if isinstance(record.args, tuple) else ()
        if record.name == "odoo.sql_db" or any(isinstance(arg, psycopg2.Error) for arg in args):
            record.args = self._clean_args(record.args)
        if isinstance(record.msg, psycopg2.Error):
            record.msg = describe_error(record.msg)
        if record.exc_info and record.exc_info[1] is not None:
            self._clean_traceback(record)
        return True

    def _clean_args(self, args):
        if not isinstance(args, tuple):
            return args
        return tuple(self._clean(arg) for arg in args)

    def _clean(self, value):
        if isinstance(value, psycopg2.Error):
            return describe_error(value)
        if isinstance(value, (bytes, str, memoryview)):
            return strip_values(value)
        return value

    def _clean_traceback(self, record):
        """Replace the text of a traceback when a database error stands in its chain."""
        if not any(isinstance(error, psycopg2.Error) for error in _chain(record.exc_info[1])):
            return
        lines = []
        for error in reversed(list(_chain(record.exc_info[1]))):
            lines += traceback.format_tb(error.__traceback__)
            database = isinstance(error, psycopg2.Error)
            lines.append((describe_error(error) if database else type(error).__name__) + "\n")
        record.exc_text = "Traceback without values:\n" + "".join(lines).rstrip()


def _chain(error):
    """The exception, and those it came from."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def install():
    """Put the filter on the loggers of this process; doing it twice changes nothing."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(item, ValueFilter) for item in logger.filters):
            logger.addFilter(ValueFilter())
