# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each step of the setup wizard does with one line of its table."""

import re

from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tzs

from ..table_text import key, read_minutes, read_price, read_zone, same_person, split_names

AUDIENCE_WORDS = (("adult", ("взр", "adult")), ("child", ("дет", "реб", "child")), ("all", ("все", "all")))


class ClinicSetupWizard(models.TransientModel):
    """The steps of the ground addon: company, branches, doctors, services."""

    _inherit = "clinic.setup.wizard"

    def _apply_company(self):
        """Name, INN and phone of the company, zone of the user; there is nothing to refuse later."""
        vat = re.sub(r"\s", "", self.company_vat or "")
        if vat and not re.fullmatch(r"\d{10}|\d{12}", vat):
            raise UserError(
                self.env._(
                    "An INN has 10 digits (organisation) or 12 (entrepreneur). "
                    "Please correct it or leave it empty."
                )
            )
        vals = {"name": self.company_name, "vat": vat or False, "phone": self.company_phone}
        # sudo: companies are written by system administrators only; these three values are the
        # clinic administrator's, and only he may open the wizard
        company = self.company_id.sudo()
        company.write(vals)
        if not company.country_id:
            company.country_id = self.env.ref("base.ru")
        if not self.env.user.tz:
            self.env.user.sudo().tz = self.tz  # sudo: own preference, as in the user's own settings
        self.message = False
        return 0

    # Branches: name; city; address; phone; zone; hours -------------------------------------------

    def _apply_branches(self):
        errors = self._apply_lines("branches_text", self._apply_branch_line)
        own = [("company_id", "=", self.company_id.id)]
        if not errors and not self.env["clinic.branch"].search_count(own, limit=1):
            raise UserError(self.env._("Add at least one branch: one line with its name is enough."))
        return errors

    def _apply_branch_line(self, cells):
        name, city, address, phone, zone, hours = (cells + [""] * 6)[:6]
        self._require(name, self.env._("the name of the branch"))
        vals = {"city": city, "address": address, "phone": phone}
        vals = {field: value for field, value in vals.items() if value}
        if zone:
            vals["tz"] = read_zone(zone, [code for code, _label in _tzs])
            if not vals["tz"]:
                raise UserError(
                    self.env._(
                        "The time zone “%(zone)s” is not known. Write Asia/Irkutsk, Irkutsk or МСК+5.",
                        zone=zone,
                    )
                )
        if len(cells) > 6:
            # hours in a table with commas fall apart into several cells
            hours = ", ".join(cells[5:])
        branch = self._find_named("clinic.branch", name, [("company_id", "=", self.company_id.id)])
        is_new = not branch
        if is_new:
            branch = self.env["clinic.branch"].create(
                {"name": name, "tz": self.tz, "company_id": self.company_id.id, **vals}
            )
        else:
            branch.write(vals)
        if hours:
            branch.hours_text = hours
        return is_new

    # Doctors: full name; specialties; branches; adults or children --------------------------------

    def _apply_doctors(self):
        return self._apply_lines("doctors_text", self._apply_doctor_line)

    def _apply_doctor_line(self, cells):
        name, specialties, branches, audience = (cells + [""] * 4)[:4]
        self._require(name, self.env._("the doctor's name"))
        vals = {}
        if audience:
            vals["audience"] = self._read_audience(audience)
        if specialties:
            vals["specialty_ids"] = [Command.set(self._specialties(specialties).ids)]
        doctor = self._find_named("clinic.practitioner", name, self._own_or_shared())
        if branches or not doctor:
            places = self._branches(branches)
            vals["branch_ids"] = [Command.set(places.ids)]
        if doctor:
            doctor.write(vals)
            return False
        self.env["clinic.practitioner"].create(
            {"name": name, "company_id": self.company_id.id, "tz": places[:1].tz or self.tz, **vals}
        )
        return True

    def _read_audience(self, cell):
        text = key(cell)
        found = [code for code, stems in AUDIENCE_WORDS if any(stem in text for stem in stems)]
        if not found:
            raise UserError(
                self.env._(
                    "“%(cell)s” does not say whom the doctor receives. Write adults, children or all.",
                    cell=cell,
                )
            )
        return found[0] if len(found) == 1 else "all"

    def _branches(self, cell):
        """The branches named in the cell; an empty cell means all of them."""
        all_branches = self.env["clinic.branch"].search([("company_id", "=", self.company_id.id)])
        if not cell or key(cell) in ("все", "all"):
            return all_branches
        found = self.env["clinic.branch"]
        # the whole cell may be one name with a comma in it
        whole = all_branches.filtered(lambda branch: key(branch.name) == key(cell))
        for name in [] if whole else split_names(cell):
            branch = all_branches.filtered(lambda branch, name=name: key(branch.name) == key(name))
            if not branch:
                raise UserError(
                    self.env._(
                        "There is no branch “%(name)s”. Correct the name, or add the branch first.",
                        name=name,
                    )
                )
            found |= branch
        return found | whole

    def _specialties(self, cell):
        """The specialties named in the cell; new ones are added to the directory."""
        found = self.env["clinic.specialty"]
        for name in split_names(cell):
            specialty = self._find_named("clinic.specialty", name, [])
            if not specialty:
                specialty = self.env["clinic.specialty"].create({"name": name[:1].upper() + name[1:]})
            found |= specialty
        return found

    # Services: name; minutes; price; specialty; doctors -------------------------------------------

    def _apply_services(self):
        return self._apply_lines("services_text", self._apply_service_line)

    def _apply_service_line(self, cells):
        name, duration, price, specialty, doctors = (cells + [""] * 5)[:5]
        self._require(name, self.env._("the name of the service"))
        vals = {}
        if duration:
            vals["clinic_duration"] = read_minutes(duration)
            if not vals["clinic_duration"] or vals["clinic_duration"] > 1440:
                raise UserError(
                    self.env._(
                        "“%(cell)s” is not a duration in minutes (1 to 1440).",
                        cell=duration,
                    )
                )
        if price:
            vals["list_price"] = read_price(price)
            if vals["list_price"] is None:
                raise UserError(self.env._("“%(cell)s” is not a price.", cell=price))
        if specialty:
            vals["clinic_specialty_id"] = self._specialties(specialty)[:1].id
        performers = self._doctors(doctors, vals.get("clinic_specialty_id"))
        service = self._find_named("product.product", name, [("clinic_is_service", "=", True)])
        is_new = not service
        if is_new:
            service = self.env["product.product"].create({"name": name, "clinic_is_service": True, **vals})
        else:
            service.write(vals)
        known = service.clinic_practitioner_line_ids.practitioner_id
        service.clinic_practitioner_line_ids = [
            Command.create({"practitioner_id": doctor.id}) for doctor in performers - known
        ]
        return is_new

    def _doctors(self, cell, specialty_id):
        """The doctors named in the cell; an empty cell means every doctor of the specialty."""
        doctors = self.env["clinic.practitioner"].search(self._own_or_shared())
        if not cell or key(cell) in ("все", "all"):
            return doctors.filtered(lambda doctor: specialty_id in doctor.specialty_ids.ids)
        found = self.env["clinic.practitioner"]
        for name in split_names(cell):
            matches = doctors.filtered(lambda doctor, name=name: same_person(name, doctor.name))
            if len(matches) != 1:
                several = self.env._("There are several doctors “%(name)s”: write the full name.", name=name)
                none = self.env._(
                    "There is no doctor “%(name)s”. Correct the name, or add the doctor first.", name=name
                )
                raise UserError(several if matches else none)
            found |= matches
        return found

    def _own_or_shared(self):
        return [("company_id", "in", (False, self.company_id.id))]

    # Tools ---------------------------------------------------------------------------------------

    def _require(self, value, what):
        if not value:
            raise UserError(self.env._("The first cell is empty: %(what)s is missing.", what=what))

    def _find_named(self, model, name, domain):
        """The living or archived record of this name, whatever its case and spaces."""
        records = self.env[model].with_context(active_test=False)
        # the first word narrows the search; the comparison itself ignores case and ё
        pattern = re.sub("[её]", "_", name.split()[0], flags=re.IGNORECASE)
        candidates = records.search([*domain, ("name", "ilike", pattern)])
        found = candidates.filtered(lambda record: key(record.name) == key(name))
        return found[:1].with_context(active_test=True)
