# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a guard over a row meets those who are booking on it at this moment."""

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL


def wait_for_bookers(env, table, ids, visits):
    """Lock the rows of ``table`` and let those who are booking on them finish; start again if they have.

    Bookers hold a shared lock on these rows till they commit. Our snapshot may be older than
    their visits, so another connection looks whether there are any that we cannot see.
    ``visits``: the query for the ids of the visits that matter.
    """
    cr = env.cr
    cr.execute(
        SQL(
            "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            SQL.identifier(table),
            list(ids),
        ),
        log_exceptions=False,
    )
    env["clinic.appointment"].flush_model(["state", "start", "stop", "resource_id", "branch_id"])
    cr.execute(visits)
    seen = {row[0] for row in cr.fetchall()}
    with env.registry.cursor() as fresh:
        fresh.execute(visits)
        unseen = {row[0] for row in fresh.fetchall()} - seen
    if unseen:
        # in a test both connections are one
        cr.execute("SELECT id FROM clinic_appointment WHERE id = ANY(%s)", [list(unseen)])
        if len(cr.fetchall()) < len(unseen):
            raise ConcurrencyError("visits were booked meanwhile, start again")
