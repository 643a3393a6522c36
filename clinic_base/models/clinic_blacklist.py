# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicBlacklist(models.Model):
    """A patient on the black list: why, by whom, from when, and when and why taken off.

    Entries are proof: they are ended, never changed or deleted. Made by those who keep the list;
    read by the desk and doctors. The patient himself never learns the reason from a program.
    """

    _name = "clinic.blacklist"
    _description = "Entry of the black list"
    _order = "set_at desc, id desc"
    _rec_name = "patient_id"

    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True, domain=[("is_patient", "=", True)]
    )
    reason = fields.Char(required=True)
    set_at = fields.Datetime(string="Since", required=True, default=fields.Datetime.now, readonly=True)
    set_by_id = fields.Many2one(
        "res.users", string="Put by", required=True, default=lambda self: self.env.uid, readonly=True
    )
    lifted_at = fields.Datetime(string="Taken off at", readonly=True)
    lifted_by_id = fields.Many2one("res.users", string="Taken off by", readonly=True)
    lift_reason = fields.Char(string="Why taken off")

    _one_open = models.UniqueIndex(
        "(patient_id) WHERE lifted_at IS NULL", "This patient is on the black list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            ready = {"patient_id", "reason"}
            vals_list = [{name: vals[name] for name in vals if name in ready} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (vals.keys() - {"lift_reason"} or any(self.mapped("lifted_at"))):
            raise UserError(
                self.env._(
                    "An entry of the black list is kept as it was. Take the patient off the list and make a"
                    " new entry."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if not self.env.su:
            raise UserError(self.env._("Entries of the black list are kept. Take the patient off the list."))

    def action_lift(self):
        """Take the patient off the list. Rights: who keeps the list; the reason stands in the entry."""
        self.check_access("write")
        for entry in self.filtered(lambda entry: not entry.lifted_at):
            if not entry.lift_reason:
                raise UserError(self.env._("Write why the patient is taken off the list, then press again."))
            # the ending is written by the program, the right was checked above
            entry.sudo().write({"lifted_at": fields.Datetime.now(), "lifted_by_id": self.env.uid})
