# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.const import ADULT_AGE

from ..const import PATIENT_CHANNELS, STAFF_CHANNELS
from ..slot_algebra import add_years


class ClinicBooking(models.AbstractModel):
    """The only way to book: staff, portal, bot, API and import come through here.

    Arguments are records or ids. Every public method derives the channels allowed from the
    user and checks his right to the records before it acts as the superuser: patients'
    claims and other people's visits decide what is free, whoever asks. What visitors of the
    site must keep to besides (``_check_visitor_*``) is asked for here, too.
    """

    _name = "clinic.booking"
    _description = "Booking service"

    # ------------------------------------------------------------------ search

    @api.model
    def search_slots(
        self, service, resources=None, practitioners=None, branches=None, date_from=None, date_to=None,
        channel="reception", patient=None, limit=20, per_resource=None, audience=None,
    ):  # fmt: skip
        """Free starts of a service, or of several, soonest first, as a list of dictionaries.

        ``date_from``/``date_to``: dates (of the branch, inclusive) or naive UTC moments; 14 days
        from now when absent. ``patient`` brings age, sex and own busy time; without one,
        ``audience`` (adult, child) may narrow. ``per_resource``: at most so many starts of
        each service with each doctor, room or device. Keys: resource_id, practitioner_id, branch_id, room_id,
        device_ids, service_id, start, stop, price, price_before; a place in a group session has session_id
        and seats_left besides. Rights: any channel of the user; changes nothing.
        """
        channel = self._check_channel(channel)
        services = self._services_of(service, channel)
        patient = self._patient_of(patient)
        return self._search(
            services,
            channel,
            patient,
            resource_ids=self._ids_of(resources, "resource.resource", self.env._("doctor, room or device")),
            practitioner_ids=self._ids_of(practitioners, "clinic.practitioner", self.env._("doctor")),
            branch_ids=self._ids_of(branches, "clinic.branch", self.env._("branch")),
            window=self._window_of(date_from, date_to),
            limit=limit,
            per_resource=per_resource,
            audience=self._check_audience(audience),
        )

    def _search(
        self, services, channel, patient, resource_ids=None, practitioner_ids=None, branch_ids=None,
        window=None, limit=20, per_resource=None, audience=None, exclude_id=None,
    ):  # fmt: skip
        limit = self._count_of(limit or None, 5000, 20)
        per_resource = self._count_of(per_resource or None, limit)
        places = self._places(branch_ids, *window, channel)
        terms = self._terms(services, channel, patient, resource_ids, practitioner_ids) if places else []
        audiences = None
        if audience in ("adult", "child"):
            audiences = ("all", audience)
            terms = [
                term for term in terms if (term.for_adults if audience == "adult" else term.for_children)
            ]
        # places of group services are sought in their sessions, not in free time
        grouped = set(services.filtered("clinic_group_size").ids)
        group_terms = [term for term in terms if term.service_id in grouped]
        terms = [term for term in terms if term.service_id not in grouped]
        use_patient = patient and self._setting("clinic_schedule.patient_claim")
        rows = []
        for needs, group in self._by_needs(services, terms):
            rows += self.env["clinic.availability"]._find_starts(
                group,
                places,
                needs=needs,
                patient_id=patient.id if use_patient else None,
                adult_from=add_years(patient.birth_date, ADULT_AGE)
                if patient and patient.birth_date
                else None,
                audiences=audiences,
                channel=channel,
                exclude_id=exclude_id,
                limit=limit,
                per_resource=per_resource,
            )
        rows.sort(key=lambda row: (row["start"], row["resource_id"], row["service_id"]))
        slots = self._with_spare_prices(self._slots(rows[:limit], terms), channel, patient)
        if not group_terms:
            return slots
        slots += self._session_slots(group_terms, places, patient, channel, exclude_id, limit, per_resource)
        slots.sort(key=lambda slot: (slot["start"], slot["resource_id"], slot["service_id"]))
        return slots[:limit]

    def _by_needs(self, services, terms):
        """The terms in groups of equal needs: one statement each, nearly always one in all."""
        groups = {}
        needs = {service.id: tuple(self._service_needs(service)) for service in services}
        for term in terms:
            groups.setdefault(needs[term.service_id], []).append(term)
        return groups.items()

    def _slots(self, rows, terms):
        known = {(term.service_id, term.resource_id): term for term in terms}
        slots = []
        for row in rows:
            term = known[row["service_id"], row["resource_id"]]
            slots.append(
                {
                    "resource_id": term.resource_id,
                    "practitioner_id": term.practitioner_id or False,
                    "branch_id": row["branch_id"],
                    "room_id": term.place == "clinic" and (term.room_id or row["room_id"]) or False,
                    "device_ids": [device for device in (term.device_id, row["device_id"]) if device],
                    "service_id": term.service_id,
                    "start": row["start"],
                    "stop": row["start"] + timedelta(minutes=term.duration),
                    "price": term.price,
                    "price_before": term.price_before or False,
                }
            )
        return slots

    @api.model
    def find_alternatives(self, slot, limit=3, channel="reception", patient=None):
        """Free starts near a lost one: the same doctor first, then anybody for the service.

        Call it in a new transaction: the loser's snapshot cannot see the winner. Takes the
        ``asked`` of ``SlotTaken`` or any slot. Changes nothing.
        """
        channel = self._check_channel(channel)
        if not isinstance(slot, dict):
            raise UserError(self.env._("The request names no valid time. Choose the time again."))
        service = self._service_of(slot.get("service_id"), channel)
        patient = self._patient_of(patient)
        start = self._moment_of(slot.get("start"))
        low = max(start - timedelta(hours=4), fields.Datetime.now().replace(second=0, microsecond=0))
        window = (low, max(low, start) + timedelta(days=14))
        branch_ids = self._ids_of(slot.get("branch_id") or None, "clinic.branch", self.env._("branch"))
        resource_ids = self._ids_of(
            slot.get("resource_id") or None, "resource.resource", self.env._("doctor")
        )
        limit = self._count_of(limit or None, 20, 3)
        found = []
        if resource_ids:
            found = self._search(
                service, channel, patient, resource_ids=resource_ids, branch_ids=branch_ids, window=window,
                limit=limit * 10,
            )  # fmt: skip
            found = sorted(found, key=lambda item: abs(item["start"] - start))[:limit]
        if len(found) < limit:
            known = {(item["resource_id"], item["start"]) for item in found}
            more = self._search(
                service, channel, patient, branch_ids=branch_ids, window=window, limit=limit * 10
            )
            more = [item for item in more if (item["resource_id"], item["start"]) not in known]
            found += sorted(more, key=lambda item: abs(item["start"] - start))[: limit - len(found)]
        return sorted(found, key=lambda item: item["start"])

    # ------------------------------------------------------------------ hold and book

    @api.model
    def hold(self, slot, token, patient=None, minutes=None, channel=None):
        """Keep a time for a while; returns the appointment in the state ``held``.

        ``token``: the caller's secret; the same token and time return the same hold, the same
        token and another time move the hold there. Raises ``SlotTaken``. Rights: any
        channel of the user. ``channel`` defaults to reception for staff, site for patients.
        """
        channel = self._check_channel(channel or self._own_channel())
        token = self._check_token(token)
        if not token:
            raise UserError(self.env._("A time can be kept only under a token. Begin the booking again."))
        patient = self._patient_of(patient)
        minutes = self._hold_minutes(minutes)
        if self._is_visitor(channel):
            self._check_visitor_hold(minutes)
        self.env["clinic.health"]._require_guards()
        known = self._by_token(token)
        if known and known.state != "held":
            raise UserError(self.env._("This request was already used for a visit. Begin a new booking."))
        expires_at = self._hold_end(known, minutes)
        plan = self._plan(slot, patient, channel)
        self._set_price(plan, slot, channel, patient, known)
        if channel not in STAFF_CHANNELS:
            self._blacklist_note(patient, plan.branch_id, channel)
        vals = {"hold_expires_at": expires_at, "patient_id": patient.id or False}
        with self._all_or_nothing(plan, channel):
            if (
                known
                and self._same_slot(known, plan)
                and self._claimed_patients(known) == plan.patient_refs()
                and self.env["clinic.slot.claim"]._prolong(known, expires_at)
            ):
                known._write_guarded(vals)
            elif known:
                self._take_place(known, plan, "moved", "held", channel, vals=vals)
            else:
                known = self._make(plan, "held", channel, token, vals)
        return known.with_env(self.env)

    @api.model
    def release(self, token):
        """Give a held time back, e.g. when the visitor goes back; unknown tokens do nothing."""
        known = self._by_token(self._check_token(token))
        if known.state == "held":
            known._drop_expired()
        return True

    @api.model
    def book(self, slot, patient, token=None, channel="reception", **vals):
        """Book a visit; returns the ``clinic.appointment``.

        ``slot``: a dictionary of ``search_slots`` (service_id, resource_id and start suffice;
        the server derives the rest again). ``vals``: visit_type, payer_kind, note, source,
        external_ref, external_patient_ref, visit_address (of a home visit); ``blacklist_reason``: why the
        staff books a patient of the black list all the same, kept in the journal; ``overbook_reason``: why
        an extra visit is put into a time that is taken (see ``_overbook``). ``token`` makes the call
        repeatable: the second call returns the first visit; a held time of the token becomes the visit.
        A slot that names the ``price`` it was shown with raises ``PriceChanged`` when it costs more now.
        Raises ``SlotTaken`` when the place is taken. Rights: the channel must be the user's, the
        patient readable for him; patients themselves give no ``vals`` but a note. Writes
        visit, claims, journal, event and a bus message.
        """
        channel = self._check_channel(channel)
        token = self._check_token(token)
        blacklist_reason = vals.pop("blacklist_reason", None)
        overbook_reason = vals.pop("overbook_reason", None)
        vals = self._check_book_vals(vals)
        patient = self._patient_of(patient)
        if not patient and not vals.get("external_patient_ref"):
            raise UserError(self.env._("Choose the patient of the visit."))
        vals["patient_id"] = patient.id or False
        self.env["clinic.health"]._require_guards()
        known = self._by_token(token) or self._by_external_ref(vals)
        if known and known.state != "held":
            return self._repeated(known, slot, patient)
        if known and known.hold_expires_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "The time was kept for you only for a while and is free again. Choose a time once more."
                )
            )
        if self._is_visitor(channel):
            self._check_visitor_book(patient)
        plan = self._plan(slot, patient, channel, vals.get("visit_type"), held=known)
        plan.note = self._blacklist_note(patient, plan.branch_id, channel, blacklist_reason)
        if overbook_reason:
            self._overbook(plan, channel, overbook_reason, known)
        self._set_place(plan, patient, channel, vals)
        self._set_price(plan, slot, channel, patient, known, vals.get("payer_kind"))
        self._check_limits(plan, patient, channel, known)
        vals["prepayment"] = self._requires_prepayment(patient, plan.branch_id)
        vals.setdefault("visit_type", plan.terms.visit_type)
        begun = known.create_date
        with self._all_or_nothing(plan, channel):
            if not known:
                known = self._make(plan, "booked", channel, token, vals)
            elif self._same_slot(known, plan) and self._claimed_patients(known) <= plan.patient_refs():
                self._settle(known, plan, channel, vals)
            else:
                vals["channel"] = channel
                self._take_place(known, plan, "booked", "booked", channel, vals=vals)
            known._after_booked()
            self._log("booked", known, channel, begun)
        return known.with_env(self.env)

    # ------------------------------------------------------------------ change

    @api.model
    def reschedule(self, appointment, slot, reason=None, channel=None):
        """Move a visit to another slot; the same record, so that its links stay.

        If the new place is taken (``SlotTaken``) the visit stays where it was. Staff must give
        a reason. Rights: staff with booking rights, or the patient himself through the site.
        """
        channel = self._check_channel(channel or self._own_channel())
        appointment = self._appointment_of(appointment)
        reason = self._reason_of(reason, "move")
        self._check_open(appointment, channel)
        if self._is_visitor(channel):
            self._check_visitor_change(appointment, "moved")
        self._check_moves(appointment, channel)
        self.env["clinic.health"]._require_guards()
        slot = {"service_id": appointment.service_id.id, **slot} if isinstance(slot, dict) else slot
        plan = self._plan(slot, appointment.patient_id, channel, appointment.visit_type)
        if channel not in STAFF_CHANNELS:
            self._blacklist_note(appointment.patient_id, plan.branch_id, channel)
        if channel in PATIENT_CHANNELS and plan.service != appointment.service_id:
            raise UserError(
                self.env._("A visit is moved with its service. Book the other service as a new visit.")
            )
        old = appointment._snapshot()
        state = appointment.state
        place = {"visit_address": appointment.visit_address}
        self._set_move_price(plan, slot, appointment, channel, reason)
        self._set_place(plan, appointment.patient_id, channel, place)
        if state == "confirmed" and not self._same_day(appointment, plan):
            state = "booked"
        with self._all_or_nothing(plan, channel):
            self._take_place(appointment, plan, "moved", state, channel, reason, place)
            appointment._after_moved(old)
            self._log("moved", appointment, channel)
        return appointment.with_env(self.env)

    @api.model
    def cancel(self, appointment, by="patient", reason=None, channel=None):
        """Cancel a visit and free its place. ``by``: patient or clinic.

        Staff must give a reason. Rights: staff with booking rights, or the patient himself
        (``by`` is then patient).
        """
        channel = self._check_channel(channel or self._own_channel())
        appointment = self._appointment_of(appointment)
        if by not in ("patient", "clinic") or (by == "clinic" and not self._is_staff()):
            raise UserError(self.env._("Say who cancels: the patient or the clinic."))
        reason = self._reason_of(reason, "cancel")
        self._check_open(appointment, channel, action="cancelled")
        if self._is_visitor(channel):
            self._check_visitor_change(appointment, "cancelled")
        with self.env.cr.savepoint():
            appointment._move_to(
                "cancelled", f"cancelled_{by}", channel, reason, vals={"cancel_reason_id": reason.id}
            )
            self.env["clinic.slot.claim"]._release(appointment)
            appointment._after_cancelled()
            self._log("cancelled", appointment, channel)
        return appointment.with_env(self.env)

    @api.model
    def confirm(self, appointment, source="phone"):
        """Note that the patient has said he will come; ``source`` is the channel he said it through.

        A visit that is confirmed already stays so. Rights: as for ``cancel``.
        """
        channel = self._check_channel(source if self._is_staff() and source in self._allowed_channels() else
                                      self._own_channel())  # fmt: skip
        appointment = self._appointment_of(appointment)
        if appointment.state == "confirmed":
            return appointment.with_env(self.env)
        self._check_open(appointment, channel, action="confirmed")
        if self._is_visitor(channel):
            self._check_visitor_change(appointment, "confirmed")
        with self.env.cr.savepoint():
            appointment._move_to("confirmed", "confirmed", channel)
            appointment._after_confirmed()
        return appointment.with_env(self.env)

    @api.model
    def undo(self, appointment):
        """Take back the last action on a visit while its place is still free.

        A booking becomes cancelled by the clinic, a move goes back, a cancelled visit
        stands again. Rights: staff with booking rights. Raises ``SlotTaken``.
        """
        appointment = self._appointment_of(appointment)
        self._check_staff(appointment.with_env(self.env))
        line = appointment._journal_line()
        if not line or line.action in ("undone", "held", "clock"):
            raise UserError(
                self.env._("There is nothing to take back: the last action was taken back already.")
            )
        with self.env.cr.savepoint():
            self._undo_line(appointment, line)
            appointment._after_undone(line.action)
        return appointment.with_env(self.env)
