# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicMatchMember(models.Model):
    """One card of a group of cards that may be one person. Written by the matcher only."""

    _name = "clinic.match.member"
    _description = "Card in a group of look-alikes"
    _order = "cluster_id, partner_id"
    _rec_name = "partner_id"
    _log_access = False

    cluster_id = fields.Many2one("clinic.match.cluster", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Card",
        required=True,
        ondelete="cascade",
        index=True,
        context={"active_test": False},
    )

    _once = models.UniqueIndex("(cluster_id, partner_id)", "This card is already in the group.")
