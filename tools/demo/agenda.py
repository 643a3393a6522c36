# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who comes to whom: fills a shift with services and patients that fit each other."""

from collections import Counter
from datetime import timedelta

from odoo import fields

from .shifts import STEP


class Agenda:
    """Chooses services and patients by chance, within the rules of age, sex and place."""

    def __init__(self, env, world, rng):
        self.rng = rng
        self.today = fields.Date.context_today(env.user)
        self.patients = [
            (patient, (self.today - patient.birth_date).days / 365.25, patient.sex, patient.city)
            for patient in world["patient"]
        ]
        self.services = self._services_of_resources(world)
        self._fitting = {}
        self.visits = Counter()
        self.seen = world.setdefault("seen", set())

    def _services_of_resources(self, world):
        """{resource id: [(service, minutes, age from, age to, sex)]}"""
        result = {}
        for service in world["service"].values():
            kind = service.clinic_leading_kind
            if kind == "practitioner":
                for term in service._clinic_terms():
                    resource = service.env["clinic.practitioner"].browse(term["practitioner_id"]).resource_id
                    ages = (term["age_from"], term["age_to"])
                    row = (service, term["duration"], *ages, service.clinic_sex)
                    result.setdefault(resource.id, []).append(row)
                continue
            ages = (service.clinic_age_min, service.clinic_age_max or 150)
            if service.clinic_audience == "adult":
                ages = (18, 150)
            for unit in service[f"clinic_{kind}_ids"]:
                row = (service, service.clinic_duration, *ages, service.clinic_sex)
                result.setdefault(unit.resource_id.id, []).append(row)
        return result

    def _patient(self, service, age_from, age_to, sex, city):
        key = (service.id, age_from, age_to, sex, city)
        if key not in self._fitting:
            self._fitting[key] = [
                patient
                for patient, age, own_sex, own_city in self.patients
                # a margin of a year: the age counts on the day of the visit
                if age_from <= age < age_to and (not sex or sex == own_sex) and own_city == city
            ]
        fitting = self._fitting[key]
        if not fitting:
            return None
        # of a few people the one who comes least: nobody spends his days in the clinic
        patient = min(self.rng.choices(fitting, k=5), key=lambda patient: self.visits[patient.id])
        self.visits[patient.id] += 1
        return patient

    def _first_or_repeat(self, offers, service, minutes, patient):
        """The service of the same specialty that suits a patient who was here before, or was not."""
        pair = (patient.id, service.clinic_specialty_id.id)
        word = "повторный" if pair in self.seen else "первичный"
        self.seen.add(pair)
        if not service.name.endswith(("первичный", "повторный")) or service.name.endswith(word):
            return service, minutes
        same = (row for row in offers if row[0].name == service.name.rsplit(" ", 1)[0] + " " + word)
        return next(same, (service, minutes))[:2]

    def day(self, shift, share):
        """(service, start, patient) one after another; ``share`` of the time is taken."""
        offers = self.services.get(shift.resource_id.id, [])
        start = shift.start
        while offers:
            service, minutes, *limits = self.rng.choice(offers)
            if start + timedelta(minutes=minutes) > shift.stop:
                return
            if self.rng.random() < share:
                patient = self._patient(service, *limits, shift.branch_id.city)
                if patient:
                    service, minutes = self._first_or_repeat(offers, service, minutes, patient)
                    if start + timedelta(minutes=minutes) <= shift.stop:
                        yield service, start, patient
                minutes += service.clinic_buffer_before + service.clinic_buffer_after
                steps = -(-minutes // STEP)
            else:
                steps = self.rng.choice([1, 2, 3])
            start += timedelta(minutes=steps * STEP)
