# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class ClinicBoardNames(models.AbstractModel):
    """The board of external callers: name, time and branch of visits, and nothing else."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _load_names(self, scope):
        """For external callers: one column per branch, visits with name, time and branch."""
        query = self.env["clinic.appointment"]._search(self._visit_domain(scope))
        table = query.table
        patient = query.left_join(table, "patient_id", "res_partner", "id", "patient")
        rows = self.env.execute_query_dict(
            query.select(
                *(
                    SQL("%s AS %s", SQL.identifier(table, name), SQL.identifier(name))
                    for name in ("id", "branch_id", "start", "stop")
                ),
                SQL("%s AS date", SQL.identifier(table, "local_date")),
                SQL("%s AS name", SQL.identifier(patient, "name")),
            )
        )
        for row in rows:
            row.update(
                resource_ids=[row["branch_id"]],
                date=row["date"].isoformat(),
                start=fields.Datetime.to_string(row["start"]),
                stop=fields.Datetime.to_string(row["stop"]),
            )
        columns = [
            {
                "resource_id": branch.id,
                "record_id": branch.id,
                "kind": "branch",
                "name": branch.name,
                "subtitle": "",
                "image": False,
                "archived": False,
                "date": date,
                "branch_id": branch.id,
                "branch": branch.name,
                "show_branch": False,
                "tz": branch.tz,
                "order": f"{date}|{branch.sequence:06d}|{branch.id:06d}",
            }
            for branch in scope["branches"]
            for date in scope["dates"]
        ]
        return {
            "week_resources": [],
            "columns": sorted(columns, key=lambda column: column["order"]),
            "shifts": [],
            "visits": rows,
            "busy": {},
            "absences": [],
            "offers": None,
        }
