# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

#: Purposes of advertising and messages: a tick in the cabinet is enough for them.
BY_TICK = ("marketing", "cross_border")


class ClinicConsentPurpose(models.Model):
    """Which consents are given with a tick in the cabinet, and what follows when one is taken back."""

    _inherit = "clinic.consent.purpose"

    give_on_site = fields.Boolean(
        string="Given in the cabinet",
        compute="_compute_give_on_site",
        store=True,
        readonly=False,
        precompute=True,
        help="The patient may give this consent with a tick in his cabinet on the site.",
    )

    @api.depends("code")
    def _compute_give_on_site(self):
        for purpose in self:
            purpose.give_on_site = purpose.code in BY_TICK

    def _withdrawal_words(self):
        """What the patient is told before he takes a consent back. Extension point."""
        self.ensure_one()
        law = self.env._(
            "What the law obliges the clinic to keep – medical records, contracts, the consent itself as "
            "proof – stays. Treatment does not depend on this."
        )
        own = {
            "personal_data": self.env._(
                "The site will not book this patient any more until the consent is given again; visits that "
                "are already booked stay. The clinic stops what it does on this ground and destroys what it "
                "need not keep."
            ),
            "marketing": self.env._("The clinic will send no more advertising and news."),
            "cross_border": self.env._(
                "The clinic will not write to the messenger any more; reminders come in another way."
            ),
            "health_information": self.env._("From now on this person is told nothing about your health."),
        }.get(self.code, self.env._("The clinic stops using the data for this purpose."))
        return [own, law]
