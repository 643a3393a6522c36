# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import AUDIENCES, ONLINE_MODES, RESOURCE_KINDS, SEXES


class ProductProduct(models.Model):
    """A medical service is a product variant with the clinic's facts about booking it."""

    _inherit = "product.product"

    clinic_is_service = fields.Boolean(string="Medical service", index=True)
    clinic_code = fields.Char(
        string="Nomenclature code", help="Code in the nomenclature of medical services, e.g. B01.015.001."
    )
    clinic_specialty_id = fields.Many2one("clinic.specialty", index="btree_not_null")
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
    clinic_age_max = fields.Integer(string="Patient's age to", help="Full years, inclusive; 0 means no limit.")
    clinic_sex = fields.Selection(SEXES, string="Only for sex")
    clinic_show_on_site = fields.Boolean(string="Show on the site", default=True)
    clinic_online = fields.Selection(ONLINE_MODES, string="Online booking", default="yes")
    clinic_practitioner_line_ids = fields.One2many(
        "clinic.practitioner.service", "service_id", string="Practitioners"
    )
    clinic_room_ids = fields.Many2many(
        "clinic.room", string="Leading rooms", help="Rooms that lead this service when a room leads it."
    )
    clinic_device_ids = fields.Many2many(
        "clinic.device", string="Leading devices", help="Devices that lead this service when a device leads it."
    )

    _clinic_minutes = models.Constraint(
        "CHECK (clinic_is_service IS NOT TRUE OR (clinic_duration > 0 AND clinic_duration <= 1440"
        " AND clinic_step >= 0 AND clinic_buffer_before >= 0 AND clinic_buffer_after >= 0"
        " AND clinic_room_cleaning >= 0 AND clinic_device_warmup >= 0))",
        "The duration of a medical service must be between 1 minute and 24 hours,"
        " and buffers and steps cannot be negative.",
    )
