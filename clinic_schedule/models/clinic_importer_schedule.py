# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import cache

from odoo import api, models

from odoo.addons.clinic_base.patient_row import REJECT, read_day_and_clock
from odoo.addons.clinic_base.table_text import key, same_person

from ..slot_algebra import wall_to_utc


class ClinicImporterSchedule(models.AbstractModel):
    """Rows that name a doctor, room or device, a branch and a time on the clock of the branch."""

    _name = "clinic.importer.schedule"
    _inherit = ["clinic.importer.person"]
    _description = "Importer of rows of the schedule"

    @api.model
    def _reason(self, code):
        return self._schedule_reasons().get(code) or super()._reason(code)

    @api.model
    def _schedule_reasons(self):
        return {
            "no_resource": (
                self.env._("There is no such doctor, room or device, or there are several."),
                self.env._("Write the full name as in the directory, or add it first."),
            ),
            "no_branch": (
                self.env._("There is no such branch."),
                self.env._("Write the name as in the directory, or choose a branch for the whole file."),
            ),
            "no_service": (
                self.env._("There is no such service."),
                self.env._("Write the name or code as in the directory, or load the services first."),
            ),
            "no_time": (
                self.env._("The day or the time cannot be read."),
                self.env._("Write them as 12.03.2026 and 09:30, in one column or in two."),
            ),
            "not_past": (
                self.env._("This visit is still to come."),
                self.env._("Load visits to come as bookings."),
            ),
            "not_future": (
                self.env._("This time has passed."),
                self.env._("Load past visits as history."),
            ),
            "no_stop": (
                self.env._("The end cannot be read or is not after the start."),
                self.env._("Write the end of the shift as 18:00."),
            ),
            "unknown_state": (self.env._("The state is not known; the visit counts as done."), ""),
        }

    @api.model
    def _directory(self, load):
        """What names in rows may mean: resources, services and branches, read once for a batch."""
        resources = self.env["resource.resource"].search([("clinic_kind", "!=", False)])
        services = self.env["product.product"].search([("clinic_is_service", "=", True)])
        branches = self.env["clinic.branch"].search([("company_id", "in", (False, load.company_id.id))])
        linked = self.env["clinic.import.link"]
        return {
            "resources": [(resource.name, resource) for resource in resources],
            "services": {key(service.name): service for service in services}
            | {key(service.clinic_code): service for service in services if service.clinic_code},
            "branches": {key(branch.name): branch for branch in branches},
            # one question for each name of the batch, not for each row
            "doctor_of": cache(lambda ref: linked._record_of("practitioner", load.source, ref)),
            "service_of": cache(lambda ref: linked._record_of("service", load.source, ref)),
            "found": {},
        }

    @api.model
    def _resource(self, name, known):
        """The one resource of this name; of doctors also surname and initials."""
        if not name:
            return None
        if name not in known["found"]:
            known["found"][name] = self._find_resource(name, known)
        return known["found"][name]

    @api.model
    def _find_resource(self, name, known):
        doctor = known["doctor_of"](name)
        if doctor:
            return doctor.resource_id
        exact = [resource for each, resource in known["resources"] if key(each) == key(name)]
        found = exact or [resource for each, resource in known["resources"] if same_person(name, each)]
        return found[0] if len(found) == 1 else None

    @api.model
    def _place(self, load, item, known):
        """Resource, branch and start of a row; what is missing is noted."""
        record = {name: " ".join(text.split()) for name, text in item.record.items()}
        resource = self._resource(record.get("resource"), known)
        branch = known["branches"].get(key(record.get("branch"))) if record.get("branch") else None
        practitioner = resource.clinic_practitioner_ids[:1] if resource else None
        branch = branch or (not record.get("branch") and load.branch_id) or None
        if not branch and not record.get("branch") and practitioner and len(practitioner.branch_ids) == 1:
            branch = practitioner.branch_ids
        day, minutes = read_day_and_clock(record.get("date"), record.get("time", ""))
        if not resource:
            item.note(REJECT, "no_resource", "resource")
        if not branch:
            item.note(REJECT, "no_branch", "branch")
        if day is None or minutes is None:
            item.note(REJECT, "no_time", "date")
        start = wall_to_utc(day, minutes, branch.tz) if branch and day and minutes is not None else None
        item.moment = day
        return {"record": record, "resource": resource, "branch": branch, "day": day, "start": start}

    @api.model
    def _service(self, item, known):
        name = " ".join(item.record.get("service", "").split())
        service = (known["service_of"](name) if name else None) or known["services"].get(key(name))
        if not service:
            item.note(REJECT, "no_service", "service")
        return service
