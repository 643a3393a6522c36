# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..table_text import REMARK, TableError, read_rows, text_from_file

#: First cells by which a heading line of a pasted table is recognised.
HEADERS = {
    "филиал", "название", "наименование", "врач", "фио", "ф.и.о.", "услуга",
    "branch", "name", "doctor", "full name", "service",
}  # fmt: skip

ADMINISTRATOR = "clinic_base.group_clinic_administrator"
DONE_PARAMETER = "clinic_base.setup_done"


class ClinicSetupWizard(models.TransientModel):
    """Sets a new clinic up from pasted tables: company, branches, doctors, services, shifts.

    Opened by a clinic administrator. Every line is applied by itself: what is understood is
    saved and leaves the box, the rest stays in it under a remark that says why. Running it again
    updates what has the same name and doubles nothing.

    A further step is a value added to ``step`` before ``done``, a method ``_apply_<step>`` and a
    ``<div name="step_<step>">`` in the view.
    """

    _name = "clinic.setup.wizard"
    _description = "Clinic setup"

    step = fields.Selection(
        [
            ("company", "Company"),
            ("branches", "Branches"),
            ("doctors", "Doctors"),
            ("services", "Services"),
            ("done", "Done"),
        ],
        default="company",
        required=True,
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    company_name = fields.Char(
        string="Name of the clinic", required=True, default=lambda self: self.env.company.name
    )
    company_vat = fields.Char(string="INN", default=lambda self: self.env.company.vat)
    company_phone = fields.Char(string="Phone", default=lambda self: self.env.company.phone)
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "Europe/Moscow",
        help="The zone of the branches for which the table names no other.",
    )
    branches_text = fields.Text(string="Branches")
    doctors_text = fields.Text(string="Doctors")
    services_text = fields.Text(string="Services")
    import_file = fields.Binary(string="Or choose a file", attachment=False)
    import_name = fields.Char()
    message = fields.Text(readonly=True)
    has_errors = fields.Boolean(readonly=True)
    branch_count = fields.Integer(string="Branches in all", compute="_compute_counts")
    doctor_count = fields.Integer(string="Doctors in all", compute="_compute_counts")
    service_count = fields.Integer(string="Services in all", compute="_compute_counts")

    @api.depends("step")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Clinic setup")

    @api.depends("step")
    def _compute_counts(self):
        for wizard in self:
            wizard.branch_count = self.env["clinic.branch"].search_count([])
            wizard.doctor_count = self.env["clinic.practitioner"].search_count([])
            wizard.service_count = self.env["product.product"].search_count(
                [("clinic_is_service", "=", True)]
            )

    @api.onchange("import_file")
    def _onchange_import_file(self):
        """Put the table of the file into the box of the present step, below what is there."""
        name = f"{self.step}_text"
        if not self.import_file or name not in self._fields:
            return
        try:
            text = text_from_file(base64.b64decode(self.import_file), self.import_name or "")
        except TableError as error:
            raise UserError(
                self.env._("This file is not a table. Save it as XLSX or CSV, or paste its cells here.")
            ) from error
        self[name] = "\n".join(filter(None, [(self[name] or "").rstrip(), text]))
        self.import_file = False

    # Steps -----------------------------------------------------------------------------------

    def _steps(self):
        return [value for value, _label in self._fields["step"].selection]

    def action_next(self):
        """Button: apply the present step; go on when nothing is left to mend."""
        self.ensure_one()
        errors = getattr(self, f"_apply_{self.step}")()
        self.has_errors = bool(errors)
        if not errors:
            steps = self._steps()
            self.step = steps[steps.index(self.step) + 1]
        return True

    def action_back(self):
        """Button: the step before; nothing is undone."""
        self.ensure_one()
        steps = self._steps()
        self.write({"step": steps[max(steps.index(self.step) - 1, 0)], "message": False, "has_errors": False})
        return True

    def action_skip(self):
        """Button: the next step without applying this one; the box keeps its text."""
        self.ensure_one()
        steps = self._steps()
        self.write({"step": steps[steps.index(self.step) + 1], "message": False, "has_errors": False})
        return True

    def action_finish(self):
        """Button: close; the wizard does not open by itself any more."""
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Only a clinic administrator may set the clinic up."))
        # sudo: one parameter of this addon, after the check above
        self.env["ir.config_parameter"].sudo().set_param(DONE_PARAMETER, "1")
        return {"type": "ir.actions.act_url", "url": "/odoo/clinic-doctors", "target": "self"}

    @api.model
    def action_open(self):
        """A fresh wizard as an action; behind the menu and the home page of an empty clinic."""
        wizard = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clinic setup"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _is_wanted(self):
        """Should the wizard meet this user on the home page? Only an administrator of an empty clinic."""
        if not self.env.user.has_group(ADMINISTRATOR):
            return False
        # sudo: asks whether anything exists in any company, reads nothing
        if self.env["ir.config_parameter"].sudo().get_param(DONE_PARAMETER):
            return False
        branches = self.env["clinic.branch"].sudo().with_context(active_test=False)
        return not branches.search_count([], limit=1)

    # Lines -----------------------------------------------------------------------------------

    def _apply_lines(self, field_name, apply_line):
        """Apply each line of the box in a savepoint of its own; leave the bad ones in the box.

        :param apply_line: called with the cells; returns True when a record was created, False
            when one was updated; raises UserError or ValidationError with the reason.
        :return: number of lines that were not accepted.
        """
        created = updated = 0
        rest = []
        for line, cells in read_rows(self[field_name] or "", HEADERS):
            try:
                with self.env.cr.savepoint():
                    is_new = apply_line(cells)
                    self.env.flush_all()
            except (UserError, ValidationError) as error:
                rest += [f"{REMARK} {' '.join(str(error).split())}", line]
            except psycopg2.Error:
                # the values themselves must not reach a log or the screen
                rest += [f"{REMARK} {self.env._('This line breaks a rule of the database.')}", line]
            else:
                created, updated = created + is_new, updated + (not is_new)
        bad = len(rest) // 2
        self[field_name] = "\n".join(rest)
        self.message = self.env._(
            "Added: %(created)s, updated: %(updated)s, not accepted: %(bad)s.",
            created=created,
            updated=updated,
            bad=bad,
        )
        return bad

    def _apply_shifts(self):
        """Hook of the step "shifts", which the schedule adds; returns the number of bad lines."""
        return 0

    def _apply_done(self):
        return 0
