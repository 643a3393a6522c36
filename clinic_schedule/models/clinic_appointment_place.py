# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import LIVE, PLACES, SCHEDULE_READERS

READERS = "clinic_schedule.group_clinic_schedule_reader"
CONTACTS = "clinic_base.group_clinic_patient_contact"

#: The purpose of consents that an online consultation asks for, if the registry has it.
TELE_PURPOSE = "telemedicine"

LINK = re.compile(r"https://[^\s<>\"']{4,480}")


class ClinicAppointment(models.Model):
    """Where a visit takes place besides the clinic: at the patient's home, or by a link."""

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    place_kind = fields.Selection(
        PLACES,
        string="Place",
        required=True,
        default="clinic",
        readonly=True,
        groups=f"{SCHEDULE_READERS},{CONTACTS}",
    )
    visit_address = fields.Char(
        string="Address of the visit", copy=False, groups=CONTACTS, help="Where the doctor goes to."
    )
    address_warning = fields.Char(compute="_compute_address_warning", groups=CONTACTS)
    meeting_url = fields.Char(
        string="Link to the consultation",
        copy=False,
        groups=SCHEDULE_READERS,
        help="Where patient and doctor meet; begins with https://.",
    )
    tele_warning = fields.Char(compute="_compute_tele_warning", groups=READERS)

    @api.depends("place_kind", "visit_address", "branch_id.home_district_mode", "branch_id.home_districts")
    @api.depends_context("lang")
    def _compute_address_warning(self):
        outside = self.env._("Address outside of the places served")
        for visit in self:
            # sudo: the list of a branch that may be seen
            away = visit.place_kind == "home" and not visit.sudo().branch_id._serves(visit.visit_address)
            visit.address_warning = outside if away else False

    @api.depends("place_kind", "patient_id")
    @api.depends_context("lang")
    def _compute_tele_warning(self):
        """Consents stop no visit; whoever prepares the consultation is told what is missing."""
        # sudo: only whether a purpose of this code exists
        purpose = self.env["clinic.consent.purpose"].sudo()._find(TELE_PURPOSE)
        for visit in self:
            visit.tele_warning = False
            asked = purpose and visit.place_kind == "tele" and visit.patient_id and visit.state in LIVE
            if asked and not self.env["clinic.consent"].may(visit.patient_id, purpose).allowed:
                visit.tele_warning = self.env._("There is no consent to online consultations yet")

    @api.constrains("meeting_url")
    def _check_meeting_url(self):
        for visit in self:
            if visit.meeting_url and not LINK.fullmatch(visit.meeting_url):
                raise ValidationError(
                    self.env._("A link to a consultation begins with https:// and has no spaces.")
                )

    @api.model
    def _editable_fields(self):
        return super()._editable_fields() | {"visit_address", "meeting_url"}

    def write(self, vals):
        """An address that is changed is looked up in the branch's list, as at the booking."""
        if "visit_address" in vals and not self.env.su:
            for visit in self:
                visit._check_new_address(vals["visit_address"])
        return super().write(vals)

    def _check_new_address(self, address):
        """Raise if the doctor of this visit cannot go there."""
        if self.place_kind != "home":
            raise UserError(self.env._("Only home visits have an address of their own."))
        text = address.strip() if isinstance(address, str) else ""
        if not text or len(text) > 300:
            raise UserError(
                self.env._("A home visit needs an address. Write it, or add it to the patient's card.")
            )
        self.env["clinic.booking"]._district_note(self.branch_id.id, text, "reception")

    def _after_booked(self):
        result = super()._after_booked()
        for visit in self.filtered(lambda one: one.place_kind == "tele" and not one.meeting_url):
            url = visit._make_meeting_url()
            if url:
                visit._write_guarded({"meeting_url": url})
        return result

    def _make_meeting_url(self):
        """Hook: a provider of online consultations returns the link of this visit; empty: typed by hand."""
        self.ensure_one()
        return ""

    def _place_text(self):
        """Where the visit takes place, for papers and cards; empty in the clinic."""
        self.ensure_one()
        if self.place_kind == "clinic":
            return ""
        return dict(self._fields["place_kind"]._description_selection(self.env))[self.place_kind]
