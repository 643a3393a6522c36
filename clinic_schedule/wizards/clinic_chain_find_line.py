# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicChainFindLine(models.TransientModel):
    """A service of the coming that is looked for, and who is to give it."""

    _name = "clinic.chain.find.line"
    _description = "Service of a coming"
    _order = "sequence, id"

    find_id = fields.Many2one("clinic.chain.find", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    service_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="cascade",
        domain="[('clinic_is_service', '=', True), ('clinic_group_size', '=', 0),"
        " ('clinic_place', '=', 'clinic')]",
    )
    practitioner_id = fields.Many2one(
        "clinic.practitioner", string="Doctor or nurse", ondelete="cascade", help="Empty: any."
    )

    @api.onchange("service_id")
    def _onchange_service(self):
        """Who does not give the service is not proposed."""
        offered = self.service_id.clinic_practitioner_line_ids.practitioner_id
        if self.practitioner_id and self.practitioner_id not in offered:
            self.practitioner_id = False
