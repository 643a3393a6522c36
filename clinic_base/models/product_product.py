# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import AUDIENCES, ONLINE_MODES, RESOURCE_KINDS, SEXES


class ProductProduct(models.Model):
    """A medical service is a product variant with the clinic's facts about booking it."""

    _inherit = "product.product"

    clinic_is_service = fields.Boolean(string="Medical service", index=True)
    clinic_code = fields.Char(
        string="Nomenclature code", help="Code in the nomenclature of medical services, e.g. B01.015.001."
    )
    clinic_specialty_id = fields.Many2one("clinic.specialty", string="Specialty", index="btree_not_null")
    clinic_leading_kind = fields.Selection(
        RESOURCE_KINDS,
        string="Leading resource",
        default="practitioner",
        help="Whose shifts open this service: a practitioner, a room or a device.",
    )
    clinic_duration = fields.Integer(string="Duration, min", default=30)
    clinic_step = fields.Integer(
        string="Step, min", help="Distance between possible starts; 0 means the step of the shift."
    )
    clinic_buffer_before = fields.Integer(
        string="Buffer before, min", help="Time of the leading resource kept free before the visit."
    )
    clinic_buffer_after = fields.Integer(
        string="Buffer after, min", help="Time of the leading resource kept free after the visit."
    )
    clinic_room_type_id = fields.Many2one(
        "clinic.room.type", string="Needs a room of type", index="btree_not_null"
    )
    clinic_room_cleaning = fields.Integer(string="Room cleaning after, min")
    clinic_device_type_id = fields.Many2one(
        "clinic.device.type", string="Needs a device of type", index="btree_not_null"
    )
    clinic_device_warmup = fields.Integer(string="Device warm-up before, min")
    clinic_preparation = fields.Text(
        string="Preparation", translate=True, help="Read aloud, printed and sent to the patient."
    )
    clinic_audience = fields.Selection(AUDIENCES, string="For", default="all")
    clinic_age_min = fields.Integer(string="Patient's age from", help="Full years; 0 means no limit.")
    clinic_age_max = fields.Integer(
        string="Patient's age to", help="Full years, inclusive; 0 means no limit."
    )
    clinic_sex = fields.Selection(SEXES, string="Only for sex")
    clinic_show_on_site = fields.Boolean(string="On the site", default=True)
    clinic_online = fields.Selection(ONLINE_MODES, string="Online booking", default="yes")
    clinic_practitioner_line_ids = fields.One2many(
        "clinic.practitioner.service", "service_id", string="Practitioners"
    )
    clinic_room_ids = fields.Many2many(
        "clinic.room", string="Leading rooms", help="Rooms that lead this service when a room leads it."
    )
    clinic_device_ids = fields.Many2many(
        "clinic.device",
        string="Leading devices",
        help="Devices that lead this service when a device leads it.",
    )

    _clinic_minutes = models.Constraint(
        "CHECK (clinic_is_service IS NOT TRUE OR (clinic_duration > 0 AND clinic_duration <= 1440"
        " AND clinic_step >= 0 AND clinic_buffer_before >= 0 AND clinic_buffer_after >= 0"
        " AND clinic_room_cleaning >= 0 AND clinic_device_warmup >= 0))",
        "The duration of a medical service must be between 1 minute and 24 hours,"
        " and buffers and steps cannot be negative.",
    )
    _clinic_ages = models.Constraint(
        "CHECK (COALESCE(clinic_age_min, 0) BETWEEN 0 AND 150"
        " AND COALESCE(clinic_age_max, 0) BETWEEN 0 AND 150"
        " AND (COALESCE(clinic_age_max, 0) = 0 OR COALESCE(clinic_age_min, 0) <= clinic_age_max))",
        "The ages of the service's patients are wrong: “from” cannot be greater than “to”,"
        " and both are full years between 0 and 150.",
    )

    @api.model
    def _clinic_service_defaults(self):
        """Values of every new medical service that the creator did not state."""
        category = self.env.ref("clinic_base.product_category_medical_service", raise_if_not_found=False)
        return {
            "type": "service",
            "sale_ok": True,
            "purchase_ok": False,
            **({"categ_id": category.id} if category else {}),
        }

    @api.model
    def default_get(self, fields_list):
        """The form of the clinic's menu opens with the defaults of a medical service."""
        values = super().default_get(fields_list)
        if self.env.context.get("default_clinic_is_service"):
            defaults = self._clinic_service_defaults()
            values.update({name: defaults[name] for name in defaults if name in fields_list})
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """A medical service is a product of type service that is sold and never bought."""
        by_context = self.env.context.get("default_clinic_is_service")
        return super().create(
            [
                {**self._clinic_service_defaults(), **vals}
                if vals.get("clinic_is_service", by_context)
                else vals
                for vals in vals_list
            ]
        )

    @api.constrains("clinic_is_service", "clinic_leading_kind", "type")
    def _check_clinic_service(self):
        for service in self.filtered("clinic_is_service"):
            if not service.clinic_leading_kind:
                raise ValidationError(
                    self.env._(
                        "The service “%(service)s” needs a leading resource: "
                        "a practitioner, a room or a device.",
                        service=service.name,
                    )
                )
            if service.type != "service":
                raise ValidationError(
                    self.env._(
                        "The medical service “%(service)s” must be a product of the type “service”.",
                        service=service.name,
                    )
                )

    @api.model
    def _search_display_name(self, operator, value):
        """Medical services are found by their nomenclature code too."""
        domain = super()._search_display_name(operator, value)
        if operator in ("ilike", "=ilike", "like", "=like") and value:
            domain = Domain(domain) | Domain("clinic_code", operator, value)
        return domain

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """The product's own search does not ask ``_search_display_name``: add the nomenclature code."""
        found = super().name_search(name, domain, operator, limit)
        if not name or operator not in ("=", "ilike", "=ilike", "like", "=like"):
            return found
        if limit and len(found) >= limit:
            return found
        by_code = Domain(domain or Domain.TRUE) & Domain("clinic_code", operator, name)
        by_code &= Domain("id", "not in", [product_id for product_id, _name in found])
        services = self.search_fetch(by_code, ["display_name"], limit=limit and limit - len(found))
        return found + [(service.id, service.display_name) for service in services.sudo()]

    @api.model
    def _clinic_site_domain(self, booking=False):
        """Medical services that patients may see (``booking``: and book or ask for) in any channel.

        Obeys the switches of the service, of its specialty and of what leads it: a service
        without any visible doctor, room or device is not shown.
        """
        rows = Domain("practitioner_id", "any", self.env["clinic.practitioner"]._site_domain(booking))
        if booking:
            rows &= Domain("online", "!=", "no")
        leads = (
            (
                Domain("clinic_leading_kind", "=", "practitioner")
                & Domain("clinic_practitioner_line_ids", "any", rows)
            )
            | (
                Domain("clinic_leading_kind", "=", "room")
                & Domain("clinic_room_ids", "any", self.env["clinic.room"]._site_domain(booking))
            )
            | (
                Domain("clinic_leading_kind", "=", "device")
                & Domain("clinic_device_ids", "any", self.env["clinic.device"]._site_domain(booking))
            )
        )
        specialty = self.env["clinic.specialty"]._site_domain(booking)
        domain = (
            Domain("clinic_is_service", "=", True)
            & Domain("clinic_show_on_site", "=", True)
            & (Domain("clinic_specialty_id", "=", False) | Domain("clinic_specialty_id", "any", specialty))
            & leads
        )
        if booking:
            # a row may open what the service itself keeps closed
            domain &= Domain("clinic_online", "in", ("yes", "request")) | Domain(
                "clinic_practitioner_line_ids", "any", rows & Domain("online", "in", ("yes", "request"))
            )
        return domain

    def _clinic_terms(self, **conditions):
        """The terms on which these services are offered; see ``clinic.offer._find``."""
        return self.env["clinic.offer"]._find(services=self, **conditions)
