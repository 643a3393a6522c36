# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..person_match import LEAST_CARDS, Model, find_duplicates

#: So many cards at most are held in memory when weights are learnt; a sample is enough beyond.
SAMPLE = 100_000


class ClinicMatchModel(models.Model):
    """Weights of the matcher learnt from the cards of this clinic; without one the shipped weights hold."""

    _name = "clinic.match.model"
    _description = "Weights of the matcher"
    _order = "id desc"

    create_date = fields.Datetime(string="Learnt at")
    card_count = fields.Integer(string="Cards", readonly=True)
    weights = fields.Text(readonly=True, groups=fields.NO_ACCESS)

    @api.model
    def _latest(self):
        """The model learnt last, or None; called by the superuser for every card that is typed."""
        rows = self.env.execute_query(SQL("SELECT id FROM clinic_match_model ORDER BY id DESC LIMIT 1"))
        return self._model_of_weights(rows[0][0]) if rows else None

    @api.model
    @tools.ormcache("row_id")
    def _model_of_weights(self, row_id):
        """The stored model; the shipped one when it was made by another version of the matcher.

        Rows are never changed, so it is read once.
        """
        try:
            return Model.from_json(self.sudo().browse(row_id).weights or "")
        except ValueError:
            return Model()

    @api.model
    def action_learn(self):
        """Learn the weights from a sample of the cards. Rights: clinic administrators."""
        self.check_access("create")
        match = self.env["clinic.match"]
        ids = self.env["res.partner"].sudo()._search([("is_patient", "=", True)], limit=SAMPLE, order="id")
        cards = match.sudo()._cards(ids.get_result_ids())
        if len(cards) < LEAST_CARDS:
            raise UserError(
                self.env._(
                    "Weights are learnt from at least %(least)s cards, here are %(count)s. "
                    "Until then the shipped weights are used.",
                    least=LEAST_CARDS,
                    count=len(cards),
                )
            )
        today = match._today()
        result = find_duplicates(list(cards.values()), today.year * 10000 + today.month * 100 + today.day)
        # weights hold names and how frequent they are: closed to every user
        self.sudo().create({"card_count": len(cards), "weights": result.model.to_json()})
        return {"type": "ir.actions.client", "tag": "soft_reload"}
