# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Samples of printed forms and of consent texts are in force on an upgraded database as on a new one.

The data files that bring them publish them by a call, and Odoo makes such calls at installation only.
"""

from odoo import SUPERUSER_ID, api

SAMPLES = ("clinic.print.form.version", "clinic.consent.text")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model in SAMPLES:
        shipped = env["ir.model.data"].search([("module", "=", "clinic_base"), ("model", "=", model)])
        drafts = env[model].browse(shipped.mapped("res_id")).exists()
        drafts.filtered(lambda text: text.state == "draft").action_publish()
