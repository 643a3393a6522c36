# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import Place, find_chains, utc_to_wall
from .clinic_chain import LEAST_VISITS, MOST_VISITS

#: So many free times are asked for at once; where they do not suffice the days are halved.
PIECE_STARTS = 5000
#: Of one day in one branch so many comings are shown.
SHOWN_A_DAY = 3


class ClinicBooking(models.AbstractModel):
    """Several services in one coming: found with the least waiting, booked all or none."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _find_chains(
        self, wishes, patient, first, last, branch=None, hours=(0, 1440), fixed=False, most=60, pause=0,
        chain=None, limit=20,
    ):  # fmt: skip
        """Comings with a time for every service, the one with the least waiting first.

        ``wishes``: ``(service, practitioner or nobody)`` in their order; ``first``, ``last``: dates of the
        branch; ``hours``: minutes of the day between which everything lies; ``fixed``: in this order only;
        ``most``: minutes of waiting in all; ``pause``: minutes to walk from one visit to the next;
        ``chain``: the places of its visits count as free. Returns ``[{waiting, branch_id, slots}]`` and the
        services that have no free time at all.
        Rights: staff with booking rights; changes nothing.
        """
        visits = self._chain_of(chain).visit_ids._to_come() if chain else self.env["clinic.appointment"]
        self._check_staff(visits)
        patient = self._patient_of(patient)
        with self._given_back(visits):
            found = [
                self._free_of(service, patient, first, last, practitioner, branch)
                for service, practitioner in wishes
            ]
        for visit in visits:
            same = [slot for slots in found for slot in slots if slot["service_id"] == visit.service_id.id]
            self._with_move_prices(same, visit, self._own_channel())
        pauses = self._chain_pauses(wishes, patient, found, pause)
        comings = []
        for rows in self._by_day(found, hours):
            places = [[Place(slot["start"], slot["stop"], n) for n, slot in enumerate(row)] for row in rows]
            best = find_chains(places, pauses, timedelta(minutes=most), limit=SHOWN_A_DAY * 4, fixed=fixed)
            slots = [
                [rows[service][place.ref] for service, place in zip(each.order, each.places, strict=True)]
                for each in best
            ]
            comings += [
                {
                    "waiting": each.waiting // timedelta(minutes=1),
                    "branch_id": row[0]["branch_id"],
                    "slots": row,
                }
                for each, row in zip(best, slots, strict=True)
                if self._rooms_are_clean(row)
            ][:SHOWN_A_DAY]
        comings.sort(key=lambda coming: (coming["waiting"], coming["slots"][0]["start"], coming["branch_id"]))
        without = self.env["product.product"].union(
            *(service for (service, _who), slots in zip(wishes, found, strict=True) if not slots)
        )
        return comings[:limit], without

    @api.model
    def _free_of(self, service, patient, first, last, practitioner, branch):
        """Free times to come of some days, in halves where one answer does not hold them."""
        slots = self.search_slots(
            service,
            practitioners=practitioner or None,
            branches=branch or None,
            date_from=first,
            date_to=last,
            channel=self._own_channel(),
            patient=patient or None,
            limit=PIECE_STARTS,
        )
        if len(slots) == PIECE_STARTS and last > first:
            middle = first + (last - first) // 2
            ask = (service, patient)
            return [
                *self._free_of(*ask, first, middle, practitioner, branch),
                *self._free_of(*ask, middle + timedelta(days=1), last, practitioner, branch),
            ]
        now = fields.Datetime.now()
        return [slot for slot in slots if slot["start"] > now and not slot.get("session_id")]

    def _by_day(self, found, hours):
        """The free times of each service, for each branch and day that has some of every service."""
        zones = {row.id: row.tz for row in self.env["clinic.branch"].search_fetch([], ["tz"])}
        low, high = hours
        days = {}
        for number, slots in enumerate(found):
            for slot in slots:
                wall = utc_to_wall(slot["start"], zones[slot["branch_id"]])
                minute = wall.hour * 60 + wall.minute
                length = (slot["stop"] - slot["start"]) // timedelta(minutes=1)
                if low <= minute and minute + length <= high:
                    rows = days.setdefault((wall.date(), slot["branch_id"]), [[] for _service in found])
                    rows[number].append(slot)
        return [rows for _day, rows in sorted(days.items()) if all(rows)]

    def _chain_pauses(self, wishes, patient, found, pause):
        """What has to lie between two services: the way, and buffers of what both may occupy.

        Said for services, not for single rooms: a pause may be kept where two rooms of a type would do.
        """
        needs, buffers = [], []
        for service, practitioner in wishes:
            terms = self._terms(
                service, self._own_channel(), patient, None, practitioner and practitioner.ids
            )
            needs.append({(need.kind, need.type_id): need for need in self._service_needs(service)})
            buffers.append(
                (
                    max((term.before for term in terms), default=0),
                    max((max(term.after, term.cleaning) for term in terms), default=0),
                )
            )
        owners = [{slot["resource_id"] for slot in slots} for slots in found]

        def between(one, other):
            minutes = [pause]
            if owners[one] & owners[other]:
                minutes.append(buffers[one][1] + buffers[other][0])
            minutes += [
                needs[one][key].after + needs[other][key].before for key in needs[one].keys() & needs[other]
            ]
            return timedelta(minutes=max(minutes))

        numbers = range(len(wishes))
        return [[between(one, other) for other in numbers] for one in numbers]

    def _rooms_are_clean(self, slots):
        """Nobody is led into a room that is still being cleaned after the visit before."""
        services = self.env["product.product"].browse([slot["service_id"] for slot in slots])
        for n, slot in enumerate(slots):
            cleaned = slot["stop"] + timedelta(minutes=services[n].clinic_room_cleaning or 0)
            if slot["room_id"] and any(
                later["room_id"] == slot["room_id"] and later["start"] < cleaned for later in slots[n + 1 :]
            ):
                return False
        return True

    # ------------------------------------------------------------------ book, move, cancel

    @api.model
    def _book_chain(self, slots, patient, token, channel="reception"):
        """Book a visit at each of these times, all on one day in one branch; returns the ``clinic.chain``.

        ``slots``: as for ``book``. ``token`` makes the call repeatable: the second call returns the first
        chain. Raises ``SlotTaken``, which names the time that is lost; then nothing is booked. Rights:
        staff with booking rights.
        """
        self._check_staff(self.env["clinic.appointment"])
        token = self._check_token(token)
        slots = self._chain_slots(slots)
        if not token:
            raise UserError(self.env._("Find the times of the services again."))
        chains = self.env["clinic.chain"]
        if known := self._known_by(chains, token):
            return known
        patient = self._patient_needed(patient)
        with self.env.cr.savepoint():
            # sudo: chains are made by this service only; the right to book was checked
            chain = chains.sudo().create({"patient_id": patient.id, "token": token})
            self._book_each(slots, patient, channel, {"chain_id": chain.id})
            self._check_chain(chain.visit_ids)
            chain.company_id = chain.visit_ids.company_id
        return chain.with_env(self.env)

    def _check_chain(self, visits):
        """One coming: one branch, one day, one visit after the other."""
        visits = visits.sorted("start")
        overlap = any(later.start < earlier.stop for earlier, later in pairwise(visits))
        if overlap or len(visits.branch_id) > 1 or len(set(visits.mapped("local_date"))) > 1:
            raise UserError(
                self.env._(
                    "The visits of one coming follow each other on one day in one branch."
                    " Find the times again."
                )
            )

    def _chain_of(self, chain):
        """The chain of an argument, a record or an id, that the user may see."""
        nothing = self.env._("There is no such row of visits. Open one of its visits instead.")
        return self._row_of("clinic.chain", chain, nothing)

    def _chain_slots(self, slots, least=LEAST_VISITS):
        """The times of an argument in an order that is the same for everybody: by what is occupied.

        Two desks that want the same doctors in another order meet at the first one of both, so neither
        waits for the other in a ring.
        """
        if (
            not isinstance(slots, list)
            or not all(isinstance(slot, dict) for slot in slots)
            or not least <= len(slots) <= MOST_VISITS
        ):
            raise UserError(
                self.env._(
                    "One coming holds %(least)s to %(most)s services. Find the times of the services again.",
                    least=LEAST_VISITS,
                    most=MOST_VISITS,
                )
            )
        what = self.env._("doctor, room or device")
        return sorted(
            slots,
            key=lambda slot: (
                self._id_of(slot.get("resource_id"), "resource.resource", what),
                self._moment_of(slot.get("start")),
            ),
        )

    @api.model
    def _move_chain(self, chain, slots, reason, channel=None):
        """Move the visits to come of a chain to these times, one for each service; all of them or none.

        The visits may change places with each other. Raises ``SlotTaken``. Rights: staff with booking
        rights, a reason as for ``reschedule``.
        """
        chain = self._chain_of(chain)
        visits = chain.visit_ids._to_come()
        self._check_staff(visits)
        slots = self._chain_slots(slots, least=1)
        left = list(visits)
        pairs = []
        for slot in slots:
            visit = next((one for one in left if one.service_id.id == slot.get("service_id")), None)
            if not visit:
                break
            left.remove(visit)
            pairs.append((visit, slot))
        if left or len(pairs) != len(slots):
            raise UserError(
                self.env._("The visits were changed meanwhile. Close the window and find the times again.")
            )
        with self.env.cr.savepoint():
            self._move_together(pairs, reason, channel)
            self._check_chain(visits.sudo())
        return chain

    @api.model
    def _cancel_chain(self, chain, by="patient", reason=None, channel=None):
        """Cancel all visits of a chain that are still to come; returns them. Rights: as for ``cancel``."""
        visits = self._chain_of(chain).visit_ids._to_come()
        nothing = self.env._("None of these visits is still to come, so there is nothing to cancel.")
        return self._cancel_together(visits, nothing, by, reason, channel)
