# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class Base(models.AbstractModel):
    """Whom a message goes to is shown by name; the e-mail of a patient is not told to everybody."""

    _inherit = "base"

    def _message_get_suggested_recipients(self, *args, **kwargs):
        """What the composer on the screen shows; sending itself asks the batch method and has it all."""
        recipients = super()._message_get_suggested_recipients(*args, **kwargs)
        Partner = self.env["res.partner"]
        if not Partner._user_hides_patient_contacts():
            return recipients
        # sudo: only asks which of them are patients
        cards = Partner.sudo().browse(row["partner_id"] for row in recipients if row["partner_id"])
        patients = set(cards.filtered("is_patient").ids)
        emails = {card.email_normalized for card in cards if card.id in patients}
        if self._name == "res.partner":
            own = self.sudo().filtered("is_patient")
            emails |= {own.email_normalized, own.email} if own else set()
        return [
            {**row, "email": False} if row["partner_id"] in patients else row
            for row in recipients
            if row["partner_id"] or row["email"] not in emails
        ]
