# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicFormerName(models.Model):
    """A name the patient had before: maiden name, or the name on a card joined to this one.

    Rows are made at the desk and by the join of cards; the search box finds the patient by them.
    """

    _name = "clinic.former.name"
    _description = "Former name of a patient"
    _order = "patient_id, valid_to desc, id desc"
    _rec_name = "family_name"

    patient_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
    family_name = fields.Char(string="Surname", required=True)
    given_name = fields.Char()
    patronymic = fields.Char()
    valid_to = fields.Date(string="Until")
    source = fields.Selection(
        [("desk", "Told at the desk"), ("merge", "From a joined card"), ("document", "From a document")],
        required=True,
        default="desk",
    )
    note = fields.Char()
