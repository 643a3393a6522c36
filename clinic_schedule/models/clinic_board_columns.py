# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .clinic_board import KINDS


class ClinicBoardColumns(models.AbstractModel):
    """Heads and columns of the board, and the filters above them."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    # ---------------------------------------------------------------- columns

    @api.model
    def _load_resources(self, scope, shifts, visits):
        """Resources that get columns: id -> dict of the head. Filters are applied here."""
        kind = scope["kind"]
        ids = {rid for row in [*shifts, *visits] for rid in row["resource_ids"]}
        if scope["resource_id"]:
            ids = {scope["resource_id"]} if scope["mode"] == "week" else ids & {scope["resource_id"]}
        if scope["only"] is not None:
            ids &= set(scope["only"])
        if kind == "practitioner":
            heads = self._practitioner_heads(scope, ids)
        else:
            heads = self._part_heads(scope, ids)
        if scope["service"]:
            offered = {
                term["resource_id"] for term in self.env["clinic.offer"]._find(services=scope["service"])
            }
            seated = {rid for row in shifts if row["lead_id"] in offered for rid in row["resource_ids"]}
            heads = {rid: head for rid, head in heads.items() if rid in offered | seated}
        return heads

    @api.model
    def _practitioner_heads(self, scope, ids):
        domain = Domain("resource_id", "in", list(ids))
        if scope["specialty_id"]:
            domain &= Domain("specialty_ids", "in", [scope["specialty_id"]])
        if scope["role"]:
            domain &= Domain("role", "=", scope["role"])
        # whoever has left keeps a column as long as visits stand in it
        found = (
            self.env["clinic.practitioner"]
            .with_context(active_test=False)
            .search_fetch(domain, ["resource_id", "name", "active", "sequence", "specialty_ids"])
        )
        photos = self._photos(found)
        return {
            doctor.resource_id.id: {
                "record_id": doctor.id,
                "name": doctor.name,
                "subtitle": ", ".join(doctor.specialty_ids.mapped("name")),
                "image": photos.get(doctor.id, False),
                "archived": not doctor.active,
                "order": f"{doctor.sequence:06d}|{doctor.name}",
            }
            for doctor in found
        }

    @api.model
    def _photos(self, practitioners):
        """Addresses of photos, for those who have one. Only presence is read, not the picture."""
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id, checksum FROM ir_attachment WHERE res_model = 'clinic.practitioner'"
                " AND res_field = 'image_128' AND res_id = ANY(%s)",
                practitioners.ids,
            )
        )
        return {
            res_id: f"/web/image/clinic.practitioner/{res_id}/image_128?unique={(checksum or '')[:8]}"
            for res_id, checksum in rows
        }

    @api.model
    def _part_heads(self, scope, ids):
        """Rooms or devices of the branches: all of them, busy or not."""
        kind = scope["kind"]
        type_field = f"{kind}_type_id"
        domain = Domain("branch_id", "in", scope["branches"].ids)
        if scope["resource_id"]:
            domain &= Domain("resource_id", "=", scope["resource_id"])
        if scope["only"] is not None:
            domain &= Domain("resource_id", "in", list(ids | set(scope["only"])))
        domain &= Domain("active", "=", True) | Domain("resource_id", "in", list(ids))
        found = (
            self.env[f"clinic.{kind}"]
            .with_context(active_test=False)
            .search_fetch(domain, ["resource_id", "name", "active", "branch_id", type_field, "sequence"])
        )
        return {
            part.resource_id.id: {
                "record_id": part.id,
                "name": part.name,
                "subtitle": part[type_field].name or "",
                "image": False,
                "archived": not part.active,
                "order": f"{part.sequence:06d}|{part.name}",
                "branch_id": part.branch_id.id,
            }
            for part in found
        }

    @api.model
    def _columns(self, scope, heads, shifts, visits):
        """One column per resource, branch and day, in the order of the screen."""
        branches = {branch.id: branch for branch in scope["branches"]}
        keys = {
            (row["date"], row["branch_id"], rid)
            for row in [*shifts, *visits]
            for rid in row["resource_ids"]
            if rid in heads
        }
        if scope["mode"] == "week":
            keys |= self._empty_days(scope, heads, keys)
        elif scope["kind"] != "practitioner":
            keys |= {(date, head["branch_id"], rid) for rid, head in heads.items() for date in scope["dates"]}
        columns = []
        for date, branch_id, rid in keys:
            branch = branches[branch_id]
            columns.append(
                {
                    **heads[rid],
                    "resource_id": rid,
                    "kind": scope["kind"],
                    "date": date,
                    "branch_id": branch_id,
                    "branch": branch.name,
                    "show_branch": len(branches) > 1,
                    "tz": branch.tz,
                    "order": f"{date}|{branch.sequence:06d}|{branch_id:06d}|{heads[rid]['order']}",
                }
            )
        return sorted(columns, key=lambda column: (column["order"], column["resource_id"]))

    @api.model
    def _empty_days(self, scope, heads, keys):
        """A week has seven days: those on which the resource does nothing get a column too."""
        filled = {(date, rid) for date, _branch_id, rid in keys}
        homes = {rid: branch_id for _date, branch_id, rid in sorted(keys, reverse=True)}
        return {
            (date, head.get("branch_id") or homes.get(rid) or scope["branches"][:1].id, rid)
            for rid, head in heads.items()
            for date in scope["dates"]
            if (date, rid) not in filled and scope["branches"]
        }

    # ---------------------------------------------------------------- options

    @api.model
    def _options(self, scope, level):
        """Filters, dictionary of reasons and rights; asked once per opened board."""
        user = self.env.user
        can_book = user.has_group("clinic_base.group_clinic_booking")
        services = specialties = []
        resources = []
        if level != "name":
            services = self.env["product.product"].search_fetch(
                [("clinic_is_service", "=", True)], ["name"], order="default_code, name, id"
            )
            specialties = self.env["clinic.specialty"].search_fetch([], ["name"])
            resources = self.env["resource.resource"].search_fetch(
                [("clinic_kind", "in", KINDS)], ["name", "clinic_kind"], order="name"
            )
        reasons = []
        if can_book:
            reasons = self.env["clinic.appointment.reason"].search_fetch([], ["name", "kind", "by"])
        return {
            "branches": [
                {"id": branch.id, "name": branch.name, "tz": branch.tz} for branch in self._own_branches()
            ],
            "roles": self._role_options(level),
            "specialties": [{"id": row.id, "name": row.name} for row in specialties],
            "services": [{"id": row.id, "name": row.name} for row in services],
            "resources": [{"id": row.id, "name": row.name, "kind": row.clinic_kind} for row in resources],
            "reasons": [{"id": row.id, "name": row.name, "kind": row.kind, "by": row.by} for row in reasons],
            "rights": {
                "level": level,
                "can_book": can_book,
                "can_overbook": user.has_group("clinic_schedule.group_clinic_overbook"),
                "can_create_patient": can_book and self.env["res.partner"].has_access("create"),
                "can_shift": self.env["clinic.shift"].has_access("create"),
            },
        }

    @api.model
    def _role_options(self, level):
        """Doctors and nurses, where there are both: with doctors alone there is nothing to choose."""
        practitioners = self.env["clinic.practitioner"]
        if level == "name" or not practitioners.search_count([("role", "=", "nurse")], limit=1):
            return []
        # words of the filter, not of one person
        return [
            {"id": "doctor", "name": self.env._("Doctors")},
            {"id": "nurse", "name": self.env._("Nurses")},
        ]
