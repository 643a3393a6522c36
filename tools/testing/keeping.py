"""What an upgrade must keep: the rows and values of the suite's tables, as counts and checksums.

Tables are those of the suite, those that point to them, and the tables of Odoo that the suite extends.
Rows that come from the addons' own data files are left out: a newer addon may change them. Of data files that
are loaded only once the words are compared in English: a newer addon brings translations that were missing.
Rows that the upgrade adds are no loss: what is compared are the rows up to the last one of before.
"""

import json

EXTENDED = (
    "res_partner",
    "res_users",
    "res_company",
    "product_template",
    "product_product",
    "product_category",
    "resource_resource",
    "resource_calendar",
    "resource_calendar_attendance",
    "resource_calendar_leaves",
    "mail_message",
)
# column (or "table.column"): why an upgrade may change its values
EXCEPTIONS = {
    "write_date": "Odoo stamps what it touches",
    "write_uid": "Odoo stamps what it touches",
    "res_users.notification_type": "computed anew from the groups on each update",
    "resource_resource.write_date": "Odoo stamps what it touches",
}
# "table" or "table.column": why it is gone since some commit; a migration says where its values went
GONE = {}

TABLES = """
WITH own AS (
    SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND (relname LIKE 'clinic%%' OR relname IN (%(extended)s))
)
SELECT DISTINCT class.relname FROM pg_class class
  LEFT JOIN pg_constraint link ON link.conrelid = class.oid AND link.contype = 'f'
 WHERE class.relkind = 'r' AND class.relnamespace = 'public'::regnamespace
   AND (class.oid IN (SELECT oid FROM own)
        OR link.confrelid IN (SELECT oid FROM own WHERE oid::regclass::text LIKE 'clinic%%'))
   AND class.relname NOT IN (%(transient)s)
 ORDER BY 1
"""
TRANSIENT = """
SELECT replace(model, '.', '_') FROM ir_model WHERE transient AND model LIKE 'clinic.%'
"""
COLUMNS = """
SELECT table_name || '.' || column_name || '.' || data_type FROM information_schema.columns
 WHERE table_schema = 'public' ORDER BY 1
"""
# rows with an external id in an addon of the suite are the addon's, but for those nobody updates any more
OF_DATA_FILES = """
SELECT res_id FROM ir_model_data
 WHERE replace(model, '.', '_') = '{table}' AND module LIKE 'clinic%' AND NOT coalesce(noupdate, false)
"""
OF_ANY_DATA_FILE = """
SELECT res_id FROM ir_model_data WHERE replace(model, '.', '_') = '{table}' AND module LIKE 'clinic%'
"""
#: Key of the answer beside the columns; no column can have this name.
LAST = "last id"


def picture(databases, name, earlier=None):
    """{table: {"rows": count, "last id": number or None, column: checksum}} of a database.

    :param earlier: the picture of before; rows with a higher id than its last one are left out
    """
    transient = _quoted(databases.sql(name, TRANSIENT).splitlines())
    tables = databases.sql(
        name, TABLES % {"extended": _quoted(EXTENDED), "transient": transient}
    ).splitlines()
    columns = {}
    for line in databases.sql(name, COLUMNS).splitlines():
        table, column, kind = line.split(".", 2)
        columns.setdefault(table, {})[column] = kind
    # a table that was empty has nothing to compare: no id is that low
    lasts = {table: old[LAST] or 0 for table, old in (earlier or {}).items() if LAST in old}
    queries = [_query(table, columns[table], lasts.get(table)) for table in tables]
    answers = databases.sql(name, "\nUNION ALL\n".join(queries)).splitlines() if queries else []
    return {row["table"]: row["values"] for row in map(json.loads, answers)}


def _query(table, columns, last=None):
    sums = ["'rows', count(*)"]
    if columns.get("id") == "integer":
        sums.append(f"'{LAST}', max(id)")
    for column, kind in columns.items():
        if column in EXCEPTIONS or f"{table}.{column}" in EXCEPTIONS:
            continue
        # a sum does not mind the order of rows; the id binds a value to its row
        key = "id::text" if "id" in columns else "''"
        value = f'"{column}"::text'
        if kind == "jsonb" and "id" in columns:
            shipped = OF_ANY_DATA_FILE.format(table=table)
            value = f"CASE WHEN id IN ({shipped}) THEN \"{column}\" ->> 'en_US' ELSE {value} END"
        value = f"coalesce({value}, chr(9216))"
        sums.append(f"'{column}', sum(hashtextextended({key} || '|' || {value}, 0)::numeric)")
    where = f"WHERE id NOT IN ({OF_DATA_FILES.format(table=table)})" if "id" in columns else ""
    where += f" AND id <= {last:d}" if last is not None else ""
    # jsonb_build_object takes at most 100 arguments
    parts = [", ".join(sums[n : n + 40]) for n in range(0, len(sums), 40)]
    objects = " || ".join(f"jsonb_build_object({part})" for part in parts)
    return (
        f"""SELECT jsonb_build_object('table', '{table}', 'values', {objects})::text FROM "{table}" {where}"""
    )


def _quoted(names):
    return ", ".join(f"'{name}'" for name in names) or "''"


def differences(before, after):
    """Sentences about what an upgrade lost or changed."""
    for table, old in sorted(before.items()):
        if table in GONE:
            continue
        if table not in after:
            yield f"нет таблицы {table}, в ней было строк: {old['rows']}"
            continue
        new = after[table]
        if new["rows"] != old["rows"]:
            yield f"{table}: было строк {old['rows']}, стало {new['rows']}"
        for column, value in sorted(old.items()):
            if column in ("rows", LAST) or f"{table}.{column}" in GONE:
                continue
            if column not in new:
                yield f"{table}.{column}: столбца больше нет"
            elif new[column] != value and new["rows"] == old["rows"]:
                yield f"{table}.{column}: изменились значения"


def empty(before):
    """Tables of the suite that held no row: nothing is proved about them."""
    return sorted(table for table, old in before.items() if table.startswith("clinic") and not old["rows"])
