# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..slot_algebra import rank, suits, utc_to_wall

#: Candidates looked at for one place, in the order of the list.
MAX_CANDIDATES = 200


class ClinicWaitingWave(models.Model):
    """Whom of the list a freed place suits."""

    _inherit = "clinic.waiting.wave"  # pylint: disable=consider-merging-classes-inherited

    def _booking(self):
        """The booking service as the clinic itself: offers are made by nobody in person."""
        company = self.company_id or self.branch_id.company_id or self.env.company
        context = {"allowed_company_ids": company.ids}
        return self.env["clinic.booking"].with_user(SUPERUSER_ID).with_context(**context)

    def _candidates(self):
        """Those who wait for something of this resource then, ranked; a cheap filter, not the last word."""
        self.ensure_one()
        entries = self.env["clinic.waiting.entry"].sudo()
        entries.flush_model()
        self.env["clinic.waiting.offer"].flush_model()
        people = entries._fields["practitioner_ids"]
        places = entries._fields["branch_ids"]
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id FROM clinic_waiting_entry e
                 WHERE e.state = 'waiting' AND e.date_from <= %(stop)s::date + 1
                   AND (e.date_to IS NULL OR e.date_to >= %(start)s::date - 1)
                   AND (%(company)s IS NULL OR e.company_id = %(company)s)
                   AND (NOT EXISTS (SELECT 1 FROM %(people)s r WHERE r.%(people_entry)s = e.id)
                        OR EXISTS (SELECT 1 FROM %(people)s r JOIN clinic_practitioner p
                                          ON p.id = r.%(people_doctor)s
                                    WHERE r.%(people_entry)s = e.id AND p.resource_id = %(resource)s))
                   AND (%(branch)s IS NULL
                        OR NOT EXISTS (SELECT 1 FROM %(places)s r WHERE r.%(places_entry)s = e.id)
                        OR EXISTS (SELECT 1 FROM %(places)s r
                                    WHERE r.%(places_entry)s = e.id AND r.%(places_branch)s = %(branch)s))
                   AND (SELECT count(*) FROM clinic_waiting_offer o
                         WHERE o.entry_id = e.id AND o.create_date > %(day)s) < %(most)s
                 ORDER BY e.urgency DESC, e.waiting_since, e.id
                 LIMIT %(limit)s
                """,
                start=self.start,
                stop=self.stop,
                company=self.company_id.id or None,
                branch=self.branch_id.id or None,
                resource=self.resource_id.id,
                people=SQL.identifier(people.relation),
                people_entry=SQL.identifier(people.column1),
                people_doctor=SQL.identifier(people.column2),
                places=SQL.identifier(places.relation),
                places_entry=SQL.identifier(places.column1),
                places_branch=SQL.identifier(places.column2),
                day=now - timedelta(days=1),
                most=self._booking()._setting("clinic_schedule.waiting_offers_per_day"),
                limit=MAX_CANDIDATES * 5,
            )
        )
        found = entries.browse([row[0] for row in rows])
        order = [waiter.id for waiter in rank(entry._waiter() for entry in found)]
        return entries.browse(order[:MAX_CANDIDATES])

    def _free_slots(self, entries):
        """``{service id: free starts within the wave's time}`` for the services of the entries."""
        booking = self._booking()
        low = max(self.start, fields.Datetime.now().replace(second=0, microsecond=0))
        if low >= self.stop or not entries:
            return {}
        try:
            slots = booking.search_slots(
                entries.service_id.ids,
                resources=self.resource_id.ids,
                branches=self.branch_id.ids or None,
                date_from=low,
                date_to=self.stop,
                per_resource=200,
                limit=5000,
            )
        except UserError:  # no such service is offered any more
            return {}
        found = {}
        for slot in slots:
            found.setdefault(slot["service_id"], []).append(slot)
        return found

    def _suited(self):
        """``(entries, {entry id: slots})``: who of the list could come, and when; ranked."""
        entries = self._candidates()
        free = self._free_slots(entries)
        branches = (
            self.env["clinic.branch"]
            .sudo()
            .browse({slot["branch_id"] for slots in free.values() for slot in slots})
        )
        zones = {branch.id: branch.tz for branch in branches}
        offered = self._offered_before(entries)
        fits = {}
        for entry in entries:
            wish = entry._wish()
            slots = [
                slot
                for slot in free.get(entry.service_id.id, ())
                if suits(
                    wish,
                    utc_to_wall(slot["start"], zones[slot["branch_id"]]),
                    utc_to_wall(slot["stop"], zones[slot["branch_id"]]),
                )
                and (not entry.branch_ids or slot["branch_id"] in entry.branch_ids.ids)
                and not self._met(offered.get(entry.id, ()), slot["start"], slot["stop"])
            ]
            if slots:
                fits[entry.id] = slots
        return entries.filtered(lambda entry: entry.id in fits), fits

    def _offered_before(self, entries):
        """``{entry id: [(start, stop)]}`` that were offered with this resource already: once is enough."""
        rows = (
            self.env["clinic.waiting.offer"]
            .sudo()
            .search_fetch(
                [("entry_id", "in", entries.ids), ("wave_id.resource_id", "=", self.resource_id.id)],
                ["entry_id", "start", "stop"],
            )
        )
        found = {}
        for row in rows:
            found.setdefault(row.entry_id.id, []).append((row.start, row.stop))
        return found

    @staticmethod
    def _met(ranges, start, stop):
        return any(start < high and low < stop for low, high in ranges)

    def _may_come(self, entry, slot):
        """Whether the patient's card allows the offer: age, flags, rights, other visits."""
        patient = entry.patient_id
        if not patient:
            return True
        if patient.clinic_blacklisted or patient.processing_restricted or patient.erased_at:
            return False
        claims = self.env["clinic.slot.claim"].sudo()
        busy = [
            ("kind", "=", "patient"),
            ("ref", "=", patient.id),
            ("start", "<", slot["stop"]),
            ("stop", ">", slot["start"]),
        ]
        if claims.search_count(busy, limit=1):
            return False
        booking = self._booking()
        terms = booking._terms(entry.service_id, "reception", patient, [self.resource_id.id])
        day = slot["start"].date()
        return any(
            (not term.valid_from or day >= term.valid_from)
            and (not term.valid_after or day < term.valid_after)
            and timedelta(minutes=term.duration) <= slot["stop"] - slot["start"]
            for term in terms
        )
