# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..ages import full_years
from ..const import ADULT_AGE, SEXES

CONTACT_GROUPS = "clinic_base.group_clinic_patient_contact"


class ResPartner(models.Model):
    """A patient is a contact with a card: name in three parts, birth date, sex, number."""

    _inherit = "res.partner"

    is_patient = fields.Boolean(index="btree_not_null")
    family_name = fields.Char(string="Surname", tracking=True)
    given_name = fields.Char(tracking=True)
    patronymic = fields.Char(tracking=True)
    birth_date = fields.Date(groups=CONTACT_GROUPS)
    age = fields.Integer(compute="_compute_age", groups=CONTACT_GROUPS)
    is_child = fields.Boolean(compute="_compute_age", search="_search_is_child", groups=CONTACT_GROUPS)
    sex = fields.Selection(SEXES)
    patient_number = fields.Char(string="Card number", copy=False, readonly=True, index="btree_not_null")
    patient_uuid = fields.Char(
        string="Permanent identifier", copy=False, readonly=True, index="btree_not_null"
    )
    patient_branch_id = fields.Many2one("clinic.branch", string="Branch of the card", index="btree_not_null")
    is_provisional = fields.Boolean(
        string="Provisional card",
        help="Made by phone from a surname and a number; to be completed at arrival.",
    )
    name_to_check = fields.Boolean(
        string="Check the name", help="The name was split by a program; somebody should look at it."
    )
    patient_alert = fields.Char(
        string="Alert", help="Shown to the staff at every booking.", groups="clinic_base.group_clinic_booking"
    )
    # notes of the staff: the person himself reads his contact on the portal
    comment = fields.Html(groups="base.group_user")
    merged_into_id = fields.Many2one("res.partner", copy=False, readonly=True, index="btree_not_null")
    phone_sanitized = fields.Char(index="btree_not_null")
    clinic_phone_ids = fields.One2many(
        "clinic.phone", "partner_id", string="Phones", groups=CONTACT_GROUPS, copy=False
    )
    clinic_representative_ids = fields.One2many(
        "clinic.relation", "patient_id", string="Who acts for the patient", copy=False
    )
    clinic_ward_ids = fields.One2many(
        "clinic.relation", "actor_id", string="For whom the patient acts", copy=False
    )
    clinic_consent_ids = fields.One2many(
        "clinic.consent", "patient_id", string="Consents", groups=CONTACT_GROUPS, copy=False
    )

    _patient_number_uniq = models.UniqueIndex(
        "(patient_number, COALESCE(company_id, 0)) WHERE patient_number IS NOT NULL",
        "A patient with this card number already exists.",
    )
    _patient_uuid_uniq = models.UniqueIndex(
        "(patient_uuid) WHERE patient_uuid IS NOT NULL", "This permanent identifier is already taken."
    )
    _patient_birth_date_idx = models.Index("(birth_date) WHERE is_patient")

    @api.depends("birth_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for partner in self:
            born = partner.birth_date
            years = full_years(born, today) if born else 0
            partner.age = years
            partner.is_child = bool(born) and years < ADULT_AGE

    def _search_is_child(self, operator, value):
        if operator != "in":
            return NotImplemented
        children = fields.Domain("birth_date", ">", f"today -{ADULT_AGE}y")
        return fields.Domain.OR(
            children if wanted else ~children | fields.Domain("birth_date", "=", False) for wanted in value
        )
