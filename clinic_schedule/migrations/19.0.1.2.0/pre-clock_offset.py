# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL

from odoo.addons.clinic_schedule.slot_algebra import offset_at

#: table, column of the moment, new column, where the zone stands, by which column
COLUMNS = [
    ("clinic_shift", "start", "clock_offset", "clinic_branch", "branch_id"),
    ("clinic_shift", "stop", "clock_offset_stop", "clinic_branch", "branch_id"),
    ("clinic_appointment", "start", "clock_offset", "clinic_branch", "branch_id"),
    ("clinic_absence", "start", "clock_offset", "resource_resource", "resource_id"),
    ("clinic_absence", "stop", "clock_offset_stop", "resource_resource", "resource_id"),
]


def migrate(cr, version):
    """Times to come remember the rules of the clock by which they were agreed; the past needs none.

    One query and one statement for each column: the distinct moments are few, the rows many.
    """
    for names in COLUMNS:
        table, moment, column, zone, link = map(SQL.identifier, names)
        cr.execute(SQL("ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s integer", table, column))
        cr.execute(
            SQL(
                "SELECT DISTINCT b.tz, t.%s FROM %s t JOIN %s b ON b.id = t.%s"
                " WHERE t.stop > now() AT TIME ZONE 'UTC' AND b.tz IS NOT NULL",
                moment,
                table,
                zone,
                link,
            )
        )
        rows = cr.fetchall()
        cr.execute(
            SQL(
                """
                UPDATE %s t SET %s = m.minutes
                  FROM unnest(%s::text[], %s::timestamp[], %s::int[]) AS m(tz, at, minutes), %s b
                 WHERE b.id = t.%s AND b.tz = m.tz AND t.%s = m.at AND t.stop > now() AT TIME ZONE 'UTC'
                """,
                table,
                column,
                [tz for tz, _at in rows],
                [at for _tz, at in rows],
                [offset_at(at, tz) for tz, at in rows],
                zone,
                link,
                moment,
            )
        )
