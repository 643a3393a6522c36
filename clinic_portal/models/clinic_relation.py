# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicRelation(models.Model):
    """From the first relation on it is the relation that says what the cabinet shows."""

    _inherit = "clinic.relation"

    @api.model_create_multi
    def create(self, vals_list):
        """Visits booked before somebody became family follow the relation, its end included."""
        relations = super().create(vals_list)
        self.env["clinic.appointment"]._portal_forget_bookers(relations.patient_id)
        return relations

    def write(self, vals):
        """As at creation, when the relation passes to another patient or another person."""
        result = super().write(vals)
        if vals.keys() & {"patient_id", "actor_id"}:
            self.env["clinic.appointment"]._portal_forget_bookers(self.patient_id)
        return result
