# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from .clinic_importer_patient_load import _plain

#: What a load makes beside the card, in the order in which it goes.
CHILDREN = ("clinic.relation", "clinic.coverage", "clinic.identity.document", "clinic.phone")
#: Rows that belong to the card and go with it.
_OWN = {"clinic_former_name", "clinic_import_row", "clinic_import_link", "mail_followers", "mail_message"}


class ClinicImporterPatient(models.AbstractModel):
    """Rows that are patients: whether anybody has used a card since, and its removal."""

    _inherit = "clinic.importer.patient"

    @api.model
    def _untouched(self, load, rows):
        """Neither changed since the load nor used by anything that the load did not make."""
        free, made = super()._untouched(load, rows), {}
        for _row_id, records, _stamp in rows:
            for model, ids in records.items():
                made.setdefault(model, set()).update(ids)
        cards = made.get("res.partner", set())
        used = self._used(cards, made) if cards else set()
        return {
            row_id
            for row_id, records, _stamp in rows
            if row_id in free and not used.intersection(records.get("res.partner", ()))
        }

    @api.model
    def _used(self, cards, made):
        """Cards that rows of any table point to, but for those the load made itself."""
        found = set()
        for link in self.env["clinic.merge"]._links():
            if link.table in _OWN:
                continue
            others = SQL("TRUE")
            if link.table == "res_partner":
                others = SQL("id <> %s", SQL.identifier(link.column))
            if link.table == "clinic_address":
                # made from the card itself, unless a person has looked at it since
                others = SQL("confirmed_at IS NOT NULL")
            if link.model in made and "id" not in link.others:
                others = SQL("%s AND NOT id = ANY(%s)", others, list(made[link.model]))
            column = SQL.identifier(link.column)
            values = [f"res.partner,{card}" for card in cards] if link.as_text else list(cards)
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s) AND %s AND %s",
                    column,
                    SQL.identifier(link.table),
                    column,
                    values,
                    link.where,
                    others,
                )
            )
            found |= {int(str(value).rsplit(",", 1)[-1]) for (value,) in rows}
        return found

    @api.model
    def _remove(self, load, made):
        # the administrator may delete patients; what the load made goes as a whole
        env = self.sudo().with_context(active_test=False).env
        for model in (*CHILDREN, "res.partner"):
            env[model].browse(made.get(model, ())).exists().unlink()

    @api.model
    def _unfill(self, load, patient_id, filled):
        """Empty the fields that the load filled and that still hold what it put there."""
        card = self.env["res.partner"].sudo().browse(patient_id).exists()
        same = [name for name, value in filled.items() if card and _plain(card[name]) == value]
        if same:
            card.write(dict.fromkeys(same, False))
