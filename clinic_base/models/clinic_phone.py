# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import PHONE_OWNERS
from ..messages import phone_problem
from ..phone_ru import PhoneError, format_phone, mask_phone, parse_phone

MAX_RAW = 200


class ClinicPhone(models.Model):
    """One phone number of one patient: number × person × whose it is.

    A number may stand on several cards (a mother books for her children). Rows are made by the
    staff on the card, or from a write of ``res.partner.phone`` by any app of Odoo.
    """

    _name = "clinic.phone"
    _description = "Phone of a patient"
    _rec_name = "number"
    _order = "partner_id, is_primary desc, sequence, id"

    partner_id = fields.Many2one(
        "res.partner", string="Patient", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    raw = fields.Char(string="As it was typed", required=True)
    e164 = fields.Char(string="International number", readonly=True, copy=False)
    number = fields.Char(
        string="Phone",
        compute="_compute_number",
        inverse="_inverse_number",
        help="The number as people read it; a change of it is read like a number typed anew.",
    )
    masked = fields.Char(compute="_compute_number", string="Masked number")
    last4 = fields.Char(string="Last four digits", readonly=True)
    kind = fields.Selection([("mobile", "Mobile"), ("landline", "City")], readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    extension = fields.Char()
    note = fields.Char()
    owner = fields.Selection(PHONE_OWNERS, string="Whose", required=True, default="self")
    owner_partner_id = fields.Many2one(
        "res.partner", string="Owner's card", ondelete="set null", index="btree_not_null"
    )
    is_primary = fields.Boolean(
        string="Main", help="The number used by the other apps for calls and messages."
    )
    is_confirmed = fields.Boolean(string="Confirmed", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_way = fields.Selection(
        [("code", "Code"), ("call", "Call"), ("staff", "Document at the desk")], readonly=True, copy=False
    )
    for_call = fields.Boolean(string="Calls", default=True)
    for_sms = fields.Boolean(string="SMS", default=True)
    for_messenger = fields.Boolean(string="Messengers", default=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    source = fields.Char(help="Where the number came from: desk, site, import.")
    holder_count = fields.Integer(
        compute="_compute_holder_count", string="Patients", help="How many patients have this number."
    )

    is_mass = fields.Boolean(
        string="Shared widely",
        compute="_compute_holder_count",
        help="More patients have this number than a family may share without a question.",
    )

    _one_row_per_number = models.UniqueIndex(
        "(partner_id, e164, COALESCE(extension, '')) WHERE e164 IS NOT NULL",
        "This patient already has this phone number.",
    )
    _one_primary = models.UniqueIndex(
        "(partner_id) WHERE is_primary AND active", "A patient has only one main phone number."
    )
    _e164_idx = models.Index("(e164) WHERE active AND e164 IS NOT NULL")
    _e164_gin = models.Index(
        "USING gin (e164 gin_trgm_ops) WITH (fastupdate = off) WHERE active AND e164 IS NOT NULL"
    )
    _last4_idx = models.Index("(last4) WHERE active AND last4 IS NOT NULL")

    def _auto_init(self):
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        return super()._auto_init()

    @api.depends("e164", "raw", "extension")
    def _compute_number(self):
        city_code = self.env.company.clinic_city_code
        for phone in self:
            number = format_phone(phone.e164, city_code) if phone.e164 else phone.raw
            if phone.e164 and phone.extension:
                number = self.env._("%(number)s ext. %(extension)s", number=number, extension=phone.extension)
            phone.number = number
            phone.masked = mask_phone(phone.e164)

    def _inverse_number(self):
        """``create`` and ``write`` have already put the typed number into ``raw``."""

    @api.depends("e164")
    def _compute_holder_count(self):
        numbers = [number for number in self.mapped("e164") if number]
        counts = dict(
            self._read_group(
                [("e164", "in", numbers), ("partner_id.active", "=", True)],
                ["e164"],
                ["partner_id:count_distinct"],
            )
        )
        limit = self.env["res.partner"]._phone_share_limit()
        for phone in self:
            phone.holder_count = counts.get(phone.e164, 0)
            phone.is_mass = phone.holder_count > limit

    @api.model_create_multi
    def create(self, vals_list):
        rows = [self._with_raw(vals) for vals in vals_list]
        rows = [{**row, **self._read_raw(row)} for row in rows]
        partners = self.env["res.partner"].browse(
            {row["partner_id"] for row in rows if row.get("partner_id")}
        )
        if any(partner.erased_at for partner in partners.sudo()):
            raise UserError(
                self.env._(
                    "The data of this card were destroyed on the demand of the person. Make a new card if "
                    "the person comes again."
                )
            )
        taken = {phone.partner_id.id for phone in partners.clinic_phone_ids if phone.is_primary}
        self._drop_primary([row["partner_id"] for row in rows if row.get("is_primary")])
        for row in rows:
            if not row.get("is_primary") and row.get("partner_id") not in taken and row.get("active", True):
                row["is_primary"] = True
            if row.get("is_primary"):
                taken.add(row.get("partner_id"))
        phones = super().create(rows)
        phones.partner_id._sync_phone_from_rows()
        return phones

    def write(self, vals):
        vals = self._with_raw(vals)
        if "raw" in vals:
            vals.update(self._read_raw(vals), is_confirmed=False, confirmed_at=False, confirmed_way=False)
        if vals.get("is_primary"):
            self._drop_primary(self.partner_id.ids, keep=self)
        if vals.get("active") is False:
            vals["is_primary"] = False
        partners = self.partner_id
        result = super().write(vals)
        if vals.keys() & {"raw", "is_primary", "active", "sequence", "partner_id", "extension"}:
            (partners | self.partner_id)._sync_phone_from_rows()
        return result

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        partners.exists()._sync_phone_from_rows()
        return result

    def _confirm(self, way):
        """Note that the number really reaches the person; ``way`` as in ``confirmed_way``."""
        self.write({"is_confirmed": True, "confirmed_at": fields.Datetime.now(), "confirmed_way": way})

    def _timeline_owner(self):
        """Whose number it is, in words; empty for an own one."""
        if self.owner == "self":
            return ""
        return dict(self._fields["owner"]._description_selection(self.env)).get(self.owner, "")

    @api.model
    def _clinic_merge_combine(self, merge, column):
        """A person has one main number: that of the card that stays, when it has one."""
        if column != "partner_id" or not merge.survivor_id.clinic_phone_ids.filtered("is_primary"):
            return
        for row in self.search([("partner_id", "=", merge.loser_id.id), ("is_primary", "=", True)]):
            before = merge._row_of(row)
            self._drop_primary(merge.loser_id.ids)
            merge._note_row_change(row, before)

    @api.model
    def _with_raw(self, vals):
        """A number typed into the form is what was typed."""
        vals = dict(vals)
        number = vals.pop("number", None)
        if number and not vals.get("raw"):
            vals["raw"] = number
        return vals

    @api.model
    def _read_raw(self, vals):
        """Fields read out of ``raw``. A bad number is refused, unless the context
        ``clinic_keep_bad_phone`` asks to keep the text for somebody to look at."""
        raw = " ".join(str(vals.get("raw") or "").split())[:MAX_RAW]
        company = self.env.company
        try:
            phone = parse_phone(raw, company.clinic_city_code)
        except PhoneError as error:
            if self.env.context.get("clinic_keep_bad_phone"):
                return {"raw": raw, "e164": False, "last4": False, "kind": False, "country_code": False}
            raise UserError(phone_problem(self.env, error.code)) from None
        found = {
            "raw": raw,
            "e164": phone.e164,
            "last4": phone.last4,
            "kind": phone.kind,
            "country_code": phone.country,
        }
        if phone.extension:
            found["extension"] = phone.extension
        if phone.note and not vals.get("note"):
            found["note"] = phone.note
        return found

    @api.model
    def _drop_primary(self, partner_ids, keep=None):  # pylint: disable=missing-return
        """Make room for another main number before it is written (the index allows one)."""
        rows = self.search([("partner_id", "in", partner_ids), ("is_primary", "=", True)])
        rows -= keep or self.browse()
        if rows:
            super(ClinicPhone, rows).write({"is_primary": False})  # pylint: disable=super-method-mismatch
            rows.flush_recordset(["is_primary"])
