# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .clinic_sealed_number_mixin import IDENTITY_GROUP
from .res_partner import CONTACT_GROUPS

#: A number of fewer digits is never looked up among documents: it is a card, a year or a phone.
MIN_DIGITS = 9


class ResPartner(models.Model):
    """Identity documents and policies of a patient, and the search by a whole number of one."""

    _inherit = "res.partner"

    clinic_document_ids = fields.One2many(
        "clinic.identity.document",
        "patient_id",
        string="Identity documents",
        groups="clinic_base.group_clinic_identity",
        copy=False,
    )
    clinic_coverage_ids = fields.One2many(
        "clinic.coverage", "patient_id", string="Policies and contracts", groups=CONTACT_GROUPS, copy=False
    )

    @api.model
    def _number_guesses(self, number, sees_contacts):
        """Digits in the search box may be the whole number of a document or policy."""
        guesses = super()._number_guesses(number, sees_contacts)
        sees_documents = self.env.su or self.env.user.has_group(IDENTITY_GROUP)
        vault = self.env["clinic.vault"]
        wanted = sees_documents and len(number.digits) >= MIN_DIGITS
        ring = wanted and vault._ring_or_none()
        if ring:
            for name in ("clinic.identity.document", "clinic.coverage"):
                model = self.env[name]
                hashes = ring.blinds(model._normal_number(number.digits), name)
                guesses.append(
                    SQL(
                        "SELECT patient_id FROM %s WHERE active AND number_blind IN %s %s",
                        SQL.identifier(model._table),
                        tuple(hashes),
                        SQL(to_flush=model._fields["number_blind"]),
                    )
                )
        return guesses
