# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

DEMO_PARAMETER = "clinic_base.demo_database"


class ClinicCodeSender(models.Model):
    """A way to bring a confirmation code to a phone. Set up by clinic administrators.

    A gateway adds its key to ``provider`` and an AbstractModel ``clinic.code.sender.<key>``
    that inherits ``clinic.code.sender.mixin``. The key ``demo`` works in demo databases only.
    """

    _name = "clinic.code.sender"
    _description = "Sender of confirmation codes"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    provider = fields.Selection(
        [("demo", "Demonstration: the code is shown to the staff")], required=True, default="demo"
    )
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: for all companies.")

    @api.constrains("provider")
    def _check_demo_provider(self):
        if not self._is_demo_database() and "demo" in self.mapped("provider"):
            raise ValidationError(
                self.env._(
                    "The demonstration sender sends nothing and works in demo databases only."
                    " Set up a gateway for messages instead."
                )
            )

    @api.model
    def _is_demo_database(self):
        return self.env["ir.config_parameter"].sudo().get_param(DEMO_PARAMETER) == "1"

    @api.model
    def _find_sender(self, company=None):
        """The sender to use now, or an empty record when codes are not set up.

        Runs as superuser: site visitors have no rights on senders. A demo database gets its
        demonstration sender at the first use; in a real one such a sender is never chosen.
        """
        senders = self.sudo().search([("company_id", "in", [False, (company or self.env.company).id])])
        demo = self._is_demo_database()
        usable = senders.filtered(lambda sender: sender.provider != "demo" or demo)[:1]
        if not usable and demo and not self.env.cr.readonly:
            usable = self.sudo().create({"name": self.env._("Demonstration"), "provider": "demo"})
        return usable

    @api.model
    def _available(self, company=None):
        """Whether codes can be sent at all; writes nothing."""
        return self._is_demo_database() or bool(self._find_sender(company))

    def _send_code(self, phone, code, record):
        """Hand ``code`` for ``phone`` (E.164) to the provider.

        :param record: the ``clinic.phone.code`` row, for providers that keep a delivery state
        :return: True when the provider took it
        """
        self.ensure_one()
        return self.env[f"clinic.code.sender.{self.provider}"]._send(self, phone, code, record)
