# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import MAX_SEATS, PLACES


class ProductProduct(models.Model):
    """How a service is received: alone or in a group."""

    _inherit = "product.product"

    clinic_group_size = fields.Integer(
        string="Group of, people",
        help="Above 0: the service is received in group sessions only, so many people at once unless the"
        " session says otherwise.",
    )

    clinic_place = fields.Selection(
        PLACES,
        string="Where",
        default="clinic",
        help="Home visits ask for the address, online consultations for a link; neither occupies a room.",
    )
    clinic_travel_minutes = fields.Integer(
        string="Way there and back, min each",
        help="Kept free for the doctor before and after a home visit, if the service's buffers are shorter.",
    )

    _clinic_travel = models.Constraint(
        "CHECK (COALESCE(clinic_travel_minutes, 0) BETWEEN 0 AND 600)",
        "The way to a home visit takes at most 10 hours.",
    )
    _clinic_group_size = models.Constraint(
        f"CHECK (COALESCE(clinic_group_size, 0) BETWEEN 0 AND {MAX_SEATS})",
        f"A group has at most {MAX_SEATS} people.",
    )

    @api.constrains("clinic_place", "clinic_leading_kind", "clinic_group_size")
    def _check_clinic_place(self):
        for service in self.filtered("clinic_is_service"):
            if service.clinic_place in ("home", "tele") and service.clinic_leading_kind != "practitioner":
                raise ValidationError(
                    self.env._(
                        "Home visits and online consultations are led by a doctor, not a room or device."
                    )
                )
            if service.clinic_place == "home" and service.clinic_group_size:
                raise ValidationError(self.env._("A home visit cannot be a group session."))

    def _clinic_place_text(self):
        """How the service is received, for the site: at home, online or in a group; empty when usual."""
        self.ensure_one()
        if self.clinic_group_size:
            return self.env._("Group session")
        if self.clinic_place in ("home", "tele"):
            return dict(self._fields["clinic_place"]._description_selection(self.env))[self.clinic_place]
        return ""
