# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.clinic_schedule.const import SCHEDULE_READERS
from odoo.addons.clinic_schedule.ics import build_ics

from ..const import PATIENT_VISIT_FIELDS


class ClinicAppointment(models.Model):
    """What patients see of their visits and may do with them in the cabinet."""

    _inherit = "clinic.appointment"

    portal_partner_id = fields.Many2one(
        "res.partner",
        string="Booked in the cabinet of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=SCHEDULE_READERS,
        help="Whose account booked the visit on the site for somebody who is not of its family; this"
        " account sees the visit too.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Portal users read a short list of fields and write none, whatever other addons add."""
        if not self.env.su and self.env.user._is_portal():
            return operation == "read" and field.name in PATIENT_VISIT_FIELDS
        return super()._has_field_access(field, operation)

    def _compute_display_name(self):
        """Patients may read the visit but not the branch, from which its wall time comes."""
        if self.env.su or not self.env.user._is_portal():
            super()._compute_display_name()
            return
        for visit in self:
            # sudo: who and when of a visit that this user may read
            visit.display_name = visit.sudo().display_name

    @api.model
    def _portal_domain(self, when="all"):
        """Visits shown in the cabinet of the current account: ``upcoming``, ``past`` or all.

        Whose visits a portal user sees is said by the record rule; staff, whose rules are
        wider, see only their own visits in their cabinet too.
        """
        now = fields.Datetime.now()
        mine = Domain.TRUE
        if self.env.user._is_internal():
            forms = self.env["clinic.portal.form"]
            mine = Domain("patient_id", "in", forms._patients().ids)
            if self._has_field_access(self._fields["portal_partner_id"], "read"):
                mine |= Domain("portal_partner_id", "in", forms._account().ids)
        coming = Domain("state", "in", ("booked", "confirmed", "arrived", "in_progress")) & Domain(
            "stop", ">", now
        )
        shown = Domain("state", "!=", "held")
        if when == "upcoming":
            return mine & coming
        if when == "past":
            return mine & shown & ~coming
        return mine & shown

    @api.model
    def _portal_forget_bookers(self, patients=None):
        """Forget who booked where a card or a relation says whose visit it is (of ``patients`` or of all).

        What the account sees by its own card, or by a relation that may end, it must not go on
        seeing as the former booker. Superuser: relations are made at the desk.
        """
        domain = Domain("portal_partner_id", "!=", False)
        if patients is not None:
            domain &= Domain("patient_id", "in", patients.ids)
        visits = self.sudo().search(domain)
        relations = (
            self.env["clinic.relation"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("actor_id", "in", visits.portal_partner_id.ids),
                    ("patient_id", "in", visits.patient_id.ids),
                ]
            )
        )
        family = {(relation.actor_id, relation.patient_id) for relation in relations}
        visits.filtered(
            lambda visit: (
                visit.portal_partner_id == visit.patient_id
                or (visit.portal_partner_id, visit.patient_id) in family
            )
        ).portal_partner_id = False

    @api.model
    def _portal_change_booker(self, former, partner):
        """An account now belongs to ``partner``: what it booked goes with it.

        Superuser: accounts are joined with cards by administrators of Odoo, who need no rights on visits.
        """
        visits = self.sudo().search([("portal_partner_id", "=", former.id)])
        visits.portal_partner_id = partner
        self._portal_forget_bookers(visits.patient_id)

    def _portal_may_change(self):
        """Whether the patient may still move or cancel the visit by himself."""
        self.ensure_one()
        hours = self.env["clinic.portal.limit"]._value("clinic_portal.change_hours")
        return self.state in ("booked", "confirmed") and self.start > fields.Datetime.now() + timedelta(
            hours=hours
        )

    def _portal_too_late(self):
        """The sentence for a change that comes too late."""
        return self.env._(
            "It is too late to change this visit on the site. Please phone the clinic: we will help."
        )

    def _portal_texts(self):
        """Texts of the visit's time in its branch's zone; see ``clinic.portal.moment``."""
        self.ensure_one()
        return self.env["clinic.portal.moment"]._texts(self.start, self.branch_id.tz)

    def _portal_address(self):
        """Where to be, in one line: city and street of the branch, the patient's own address, or online."""
        self.ensure_one()
        if self.place_kind == "home":
            return self.env._("At your home: %(address)s", address=self.visit_address or "")
        if self.place_kind == "tele":
            return self.meeting_url or self.env._("The clinic sends the link before the consultation")
        return ", ".join(filter(None, (self.branch_id.city, self.branch_id.address)))

    def _portal_price(self):
        """The price of the visit in words, with the full one if it is reduced."""
        self.ensure_one()
        catalogue = self.env["clinic.portal.catalogue"]
        price = catalogue._price_text(self.price, self.service_id)
        if not self.price_before:
            return price
        before = catalogue._price_text(self.price_before, self.service_id)
        return self.env._("%(price)s instead of %(before)s", price=price, before=before)

    def _portal_ics(self):
        """The calendar file of a visit the caller has already been allowed to see.

        Runs as superuser: patients have no rights on branches and services. The name of the
        service is not written into it, because calendars are shared and synchronised.
        """
        visit = self.sudo()
        visit.ensure_one()
        branch, texts = visit.branch_id, visit._portal_texts()
        company = visit.company_id or self.env.company
        description = [
            self.env._(
                "%(date)s at %(time)s (%(zone)s)", **{key: texts[key] for key in ("date", "time", "zone")}
            ),
            branch.phone and self.env._("Phone of the clinic: %(phone)s", phone=branch.phone),
            branch.directions and html2plaintext(branch.directions),
            visit.number and self.env._("Visit No. %(number)s", number=visit.number),
        ]
        where = visit._place_text() if visit.place_kind == "tele" else branch.name
        # calendars are shared: the patient's own address is not written into them
        street = visit._portal_address() if visit.place_kind != "home" else visit._place_text()
        address = ", ".join(filter(None, (where, street)))
        return build_ics(
            uid=f"visit-{visit.id}@{self.env['ir.config_parameter'].sudo().get_param('database.uuid')}",
            start=visit.start.replace(tzinfo=timezone.utc),
            stop=visit.stop.replace(tzinfo=timezone.utc),
            stamp=(visit.write_date or fields.Datetime.now()).replace(tzinfo=timezone.utc),
            summary=self.env._("Visit to the clinic %(clinic)s", clinic=company.name),
            location=address,
            description="\n".join(filter(None, description)),
            cancelled=visit.state in ("cancelled_patient", "cancelled_clinic"),
            sequence=int((visit.write_date - visit.create_date).total_seconds()) if visit.write_date else 0,
        )
