"""The data set "Clinic-60": 60 doctors of 20 specialties in three branches with two years of visits.

Seeded; only the days count from today. Directories are made by the models, the mass (patients, shifts,
visits, claims) by COPY. The waiting list of the definition joins when its model exists.
"""

import datetime
import io
import random
import sys

from clinic_bench import patients

SEED = 60
ZONES = (("Irkutsk", "Asia/Irkutsk"), ("Moscow", "Europe/Moscow"), ("Berlin", "Europe/Berlin"))
DOCTORS, SPECIALTIES, ROOMS, DEVICES, SERVICES = 60, 20, 24, 12, 80
PATIENTS, HISTORY_DAYS, FUTURE_DAYS = 100_000, 730, 60
#: Minutes of services and how often each occurs among the 80.
DURATIONS = (5, 10, 10, 15, 15, 15, 20, 20, 20, 30, 30, 40, 45, 60, 90, 120)
# chances of a place being taken: by time 60 % of the future is then full, and the past has 500 000 visits
FULL_PAST, FULL_FUTURE, CANCELLED = 0.75, 0.72, 0.05
KEEP_CLAIMS = 2  # days; older claims are purged by the nightly job

VISIT = (
    "id", "patient_id", "service_id", "specialty_id", "resource_id", "practitioner_id", "branch_id",
    "company_id", "room_id", "duration", "user_id", "number", "state", "channel", "visit_type",
    "payer_kind", "place_kind", "local_date",
    "price", "start", "stop",
)  # fmt: skip
CLAIM = ("kind", "ref", "lane", "start", "stop", "state", "appointment_id")
SHIFT = (
    "resource_id",
    "branch_id",
    "company_id",
    "room_id",
    "step",
    "audience",
    "local_date",
    "active",
    "start",
    "stop",
)


def dataset(ctx, history=1):
    """Name of the database; ``history`` multiplies the visits of the past."""
    here = sys.modules[__name__]
    if history == 1:
        return ctx.dataset("Clinic-60", build, here)
    return ctx.dataset(f"Clinic-60x{history}", build, here, history=history)


def build(ctx, database, history=1):
    with ctx.env(database) as env:
        from odoo.addons.clinic_schedule.slot_algebra import wall_to_utc

        rng = random.Random(SEED)
        world = _directories(env, rng)
        env.flush_all()
        patients.fill(env.cr, ctx.count(PATIENTS))
        env.cr.execute("SELECT id FROM res_partner WHERE is_patient ORDER BY id")
        people = [row[0] for row in env.cr.fetchall()]
        past = max(10, round(HISTORY_DAYS * ctx.scale))
        future = FUTURE_DAYS if not ctx.small else 20
        today = env.cr.now().date()
        rows = _Rows(rng, people, today, env.uid)
        for offset in range(-past, future):
            day = today + datetime.timedelta(days=offset)
            rows.day(world, day, offset, lambda minutes, tz, day=day: wall_to_utc(day, minutes, tz))
        rows.write(env.cr)
        if history > 1:
            _multiply(env.cr, history, past)


def _directories(env, rng):
    branches = env["clinic.branch"].create([{"name": name, "tz": tz} for name, tz in ZONES])
    specialties = env["clinic.specialty"].create([{"name": f"Specialty {n}"} for n in range(SPECIALTIES)])
    device_type = env["clinic.device.type"].create({"name": "Ultrasound"})
    rooms = env["clinic.room"].create(
        [{"name": f"Room {n}", "branch_id": branches[n % 3].id} for n in range(ROOMS)]
    )
    devices = env["clinic.device"].create(
        [
            {"name": f"Device {n}", "branch_id": branches[n % 3].id, "device_type_id": device_type.id}
            for n in range(DEVICES)
        ]
    )
    services = env["product.product"].create(
        [
            {
                "name": f"Service {n}",
                "type": "service",
                "clinic_is_service": True,
                "clinic_specialty_id": specialties[n % SPECIALTIES].id,
                "clinic_duration": DURATIONS[n % len(DURATIONS)],
                "clinic_buffer_after": 5 if n % 3 == 0 else 0,
                "clinic_device_type_id": device_type.id if n % 10 == 9 else False,
                "list_price": 1000 + 50 * n,
            }
            for n in range(SERVICES)
        ]
    )
    # every doctor does the four services of his specialty and the first two of all (a general examination)
    doctors = env["clinic.practitioner"].create(
        [
            {
                "name": f"Doctor {n}",
                "branch_ids": [(6, 0, branches[n % 3].ids)],
                "specialty_ids": [(6, 0, specialties[n % SPECIALTIES].ids)],
                "service_line_ids": [
                    (0, 0, {"service_id": service.id})
                    for k, service in enumerate(services)
                    if k % SPECIALTIES == n % SPECIALTIES or k in (5, 6)
                ],
            }
            for n in range(DOCTORS)
        ]
    )
    return {
        "company": env.company.id,
        "doctors": [
            {
                "id": doctor.id,
                "resource": doctor.resource_id.id,
                "branch": branches[n % 3].id,
                "tz": branches[n % 3].tz,
                "rooms": [
                    (room.id, room.resource_id.id) for room in rooms if room.branch_id == branches[n % 3]
                ],
                "devices": [
                    device.resource_id.id for device in devices if device.branch_id == branches[n % 3]
                ],
                "step": 5 if n < 10 else 15,
                "long": n % 2,
                "number": n,
                "services": [
                    (
                        line.service_id.id,
                        line.service_id.clinic_duration,
                        line.service_id.clinic_buffer_after,
                        bool(line.service_id.clinic_device_type_id),
                        line.service_id.clinic_specialty_id.id,
                        line.service_id.list_price,
                    )
                    for line in doctor.service_line_ids
                ],
            }
            for n, doctor in enumerate(doctors)
        ],
    }


class _Rows:
    """Shifts, visits and claims of day after day, kept as text for COPY."""

    def __init__(self, rng, people, today, user):
        self.rng, self.people, self.today, self.user = rng, people, today, user
        self.shifts, self.visits, self.claims = io.StringIO(), io.StringIO(), io.StringIO()
        self.last = 0

    def day(self, world, day, offset, at):
        taken = {}
        for doctor in world["doctors"]:
            n = doctor["number"]
            if doctor["long"]:
                if (day.toordinal() + n // 2) % 4 >= 2:
                    continue
                low, high = 8 * 60, 20 * 60
            else:
                if day.weekday() >= 5:
                    continue
                low = 8 * 60 if n % 4 else 14 * 60
                high = low + 6 * 60
            room = self._room(doctor, taken, low, high)
            start, stop = at(low, doctor["tz"]), at(high, doctor["tz"])
            self._line(
                self.shifts, doctor["resource"], doctor["branch"], world["company"], room and room[0],
                doctor["step"], "all", day, "t", start, stop,
            )  # fmt: skip
            self._visits(world, doctor, day, offset, room, start, stop)

    def _room(self, doctor, taken, low, high):
        """A room of the branch that nobody sits in during these hours, if there is one."""
        for room in doctor["rooms"]:
            if all(high <= first or last <= low for first, last in taken.get(room, ())):
                taken.setdefault(room, []).append((low, high))
                return room
        return None

    def _visits(self, world, doctor, day, offset, room, start, stop):
        rng, minute = self.rng, datetime.timedelta(minutes=1)
        step = doctor["step"] * minute
        weights = [1 / service[1] for service in doctor["services"]]
        full = FULL_PAST if offset < 0 else FULL_FUTURE
        moment = start
        while moment < stop:
            service, length, after, device, specialty, price = rng.choices(doctor["services"], weights)[0]
            end = moment + length * minute
            if end > stop:
                break
            if rng.random() < full:
                self.last += 1
                patient = rng.choice(self.people)
                cancelled = rng.random() < CANCELLED
                if cancelled:
                    state = "cancelled_patient"
                elif offset < 0:
                    state = "done" if rng.random() > 0.08 else "no_show"
                else:
                    state = "booked"
                self._line(
                    self.visits, self.last, patient, service, specialty, doctor["resource"], doctor["id"],
                    doctor["branch"], world["company"], room and room[0], length, self.user,
                    f"{self.last:08}",
                    state, "phone", "repeat", "self", "clinic", day, price, moment, end,
                )  # fmt: skip
                if state in ("booked", "done") and offset >= -KEEP_CLAIMS:
                    self._claims(doctor, room, patient, device, moment, end, after * minute)
                    end += after * minute
            moment += max(1, -((moment - end) // step)) * step

    def _claims(self, doctor, room, patient, device, start, stop, after):
        self._claim("resource", doctor["resource"], start, stop + after)
        self._claim("patient", patient, start, stop)
        if room:
            self._claim("resource", room[1], start, stop)
        if device:
            self._claim("resource", self.rng.choice(doctor["devices"]), start, stop)

    def _claim(self, kind, ref, start, stop):
        self._line(self.claims, kind, ref, 0, start, stop, "booked", self.last)

    @staticmethod
    def _line(stream, *values):
        stream.write("\t".join("\\N" if value is None else str(value) for value in values) + "\n")

    def write(self, cr):
        """Load everything; a visit whose patient or device was already busy leaves with its claims."""
        for table, columns, stream in (
            ("clinic_shift", SHIFT, self.shifts),
            ("clinic_appointment", VISIT, self.visits),
        ):
            stream.seek(0)
            with _without_indexes(cr, table):
                cr.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", stream)
        cr.execute("SELECT setval('clinic_appointment_id_seq', %s)", [self.last + 1])
        cr.execute("CREATE TEMP TABLE wish (LIKE clinic_slot_claim) ON COMMIT DROP")
        cr.execute("ALTER TABLE wish DROP COLUMN id")
        self.claims.seek(0)
        cr.copy_expert(f"COPY wish ({', '.join(CLAIM)}) FROM STDIN", self.claims)
        columns = ", ".join(CLAIM)
        cr.execute(
            f"INSERT INTO clinic_slot_claim ({columns}) SELECT {columns} FROM wish"
            " ORDER BY appointment_id ON CONFLICT DO NOTHING"
        )
        cr.execute(
            """
            DELETE FROM clinic_appointment a USING (
                SELECT w.appointment_id FROM (
                    SELECT appointment_id, count(*) AS n FROM wish GROUP BY 1) w
                  LEFT JOIN (SELECT appointment_id, count(*) AS n FROM clinic_slot_claim GROUP BY 1) c
                    USING (appointment_id)
                 WHERE c.n IS DISTINCT FROM w.n) bad
             WHERE a.id = bad.appointment_id
            """
        )


class _without_indexes:
    """Drops what no constraint needs while a table is filled, and makes it again."""

    def __init__(self, cr, table):
        self.cr, self.table = cr, table

    def __enter__(self):
        self.cr.execute(
            """
            SELECT i.indexname, i.indexdef FROM pg_indexes i
             WHERE i.tablename = %s
               AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
            """,
            [self.table],
        )
        self.indexes = self.cr.fetchall()
        for name, _definition in self.indexes:
            self.cr.execute(f'DROP INDEX "{name}"')

    def __exit__(self, kind, error, trace):
        if not kind:
            for _name, definition in self.indexes:
                self.cr.execute(definition)


def _multiply(cr, times, days):
    """Copies of the past, each before the one before it."""
    columns = ", ".join(name for name in VISIT if name not in ("id", "start", "stop", "local_date"))
    with _without_indexes(cr, "clinic_appointment"):
        cr.execute(
            f"""
            INSERT INTO clinic_appointment ({columns}, start, stop, local_date)
            SELECT {columns}, start - n * %(span)s, stop - n * %(span)s, (local_date - n * %(days)s)
              FROM clinic_appointment, generate_series(1, %(times)s) n
             WHERE start < now() - interval '1 day'
            """,
            {"span": datetime.timedelta(days=days), "days": days, "times": times - 1},
        )
