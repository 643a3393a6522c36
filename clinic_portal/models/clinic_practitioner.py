# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from babel.units import format_unit

from odoo import models
from odoo.tools import html2plaintext
from odoo.tools.misc import babel_locale_parse, get_lang

from ..const import TRANSLITERATION


class ClinicPractitioner(models.Model):
    """The page of a doctor on the site: address, texts for search engines."""

    _name = "clinic.practitioner"
    _inherit = ["clinic.practitioner", "website.seo.metadata"]

    def _site_slug(self):
        """``12-ivanova-maria``: the id leads, the name in Latin letters is for people."""
        self.ensure_one()
        letters = "".join(TRANSLITERATION.get(char, char) for char in (self.name or "").lower())
        words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
        return "-".join(filter(None, (str(self.id), words)))

    def _site_url(self):
        """Path of the doctor's page."""
        return f"/clinic/doctor/{self._site_slug()}"

    def _site_photo(self, size=256):
        """Path of the photo, or False; the stamp lets browsers keep it."""
        self.ensure_one()
        if not self.image_128:
            return False
        return f"/clinic/doctor/{self.id}/photo/{size}?v={int(self.write_date.timestamp())}"

    def _site_json_ld(self, base_url, branches):
        """The doctor as schema.org ``Physician``: public facts only."""
        self.ensure_one()
        data = {
            "@context": "https://schema.org",
            "@type": "Physician",
            "name": self.name,
            "url": base_url + self._site_url(),
            "medicalSpecialty": self.specialty_ids.mapped("name"),
            "worksFor": {"@type": "MedicalClinic", "name": self.env.company.name, "url": base_url},
        }
        if self.about:
            data["description"] = html2plaintext(self.about)[:500]
        if self._site_photo():
            data["image"] = base_url + self._site_photo(512)
        if branches:
            data["address"] = [
                {
                    "@type": "PostalAddress",
                    "addressLocality": branch.city or "",
                    "streetAddress": branch.address or "",
                    "addressCountry": branch.company_id.country_id.code or "RU",
                }
                for branch in branches
            ]
            phones = [branch.phone for branch in branches if branch.phone]
            if phones:
                data["telephone"] = phones[0]
        return data

    def _default_website_meta(self):
        """Title and description of the doctor's page when the editor wrote none."""
        meta = super()._default_website_meta()
        title = ", ".join(filter(None, (self.name, self._site_specialties())))
        description = self.env._("%(doctor)s: free times, prices and booking on the site.", doctor=title)
        for group, prefix in (("default_opengraph", "og:"), ("default_twitter", "twitter:")):
            meta[group][prefix + "title"] = title
            meta[group][prefix + "description"] = description
            if self._site_photo():
                meta[group][prefix + "image"] = self._site_photo(512)
        meta["default_meta_description"] = description
        return meta

    def _site_experience(self):
        """Years of practice in words: "12 years"."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_unit(self.experience_years, "duration-year", length="long", locale=locale)

    def _site_ages(self):
        """Whom the doctor receives, in words; a named age says more than "adults" or "children"."""
        if self.age_min and self.age_max:
            return self.env._(
                "Receives patients aged %(low)s to %(high)s", low=self.age_min, high=self.age_max
            )
        if self.age_min:
            return self.env._("Receives patients from the age of %(low)s", low=self.age_min)
        if self.age_max:
            return self.env._("Receives patients up to the age of %(high)s", high=self.age_max)
        return {
            "child": self.env._("Receives children"),
            "adult": self.env._("Receives adults"),
        }.get(self.audience) or self.env._("Receives adults and children")

    def _site_specialties(self):
        """What the doctor is called by patients: "cardiologist, therapist"."""
        return ", ".join(specialty.doctor_name or specialty.name for specialty in self.specialty_ids)
