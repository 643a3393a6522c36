# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Family visits were kept as booked by the account and outlived the relation's end in its cabinet."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["clinic.appointment"]._portal_forget_bookers()
