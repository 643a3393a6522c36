# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..messages_import import directory_reason
from ..patient_row import REJECT, SKIP, is_nothing, says_yes


class ClinicImporterDirectory(models.AbstractModel):
    """What services and doctors have in common: a name is the key, what is there is not changed.

    Rows are made by the very steps of the setup wizard, so that both read a table alike.
    """

    _name = "clinic.importer.directory"
    _inherit = ["clinic.importer"]
    _description = "Importer of directories"

    #: Model of the records made, and the one2many that is made with them.
    _target, _lines = "", ""

    @api.model
    def _missing(self, codes):
        return "" if "name" in codes else self.env._("Say which column holds the name.")

    @api.model
    def _reason(self, code):
        return directory_reason(self.env, code) or super()._reason(code)

    @api.model
    def _identifier(self, record):
        return record.get("id") or record.get("code") or record.get("name", "")

    @api.model
    def _check(self, load, items):
        for item in items:
            record = {name: " ".join(text.split()) for name, text in item.record.items()}
            record = {name: text for name, text in record.items() if not is_nothing(text)}
            item.parsed = record
            if says_yes(record.get("deleted")):
                item.note(SKIP, "deleted")
            elif says_yes(record.get("folder")):
                item.note(SKIP, "folder")
            elif not any(map(str.isalpha, record.get("name", ""))):
                item.note(REJECT, "no_title", "name")
            else:
                self._check_values(item, record)

    @api.model
    def _check_values(self, item, record):
        """Further checks of one row."""

    @api.model
    def _load(self, load, items):
        # the setup wizard in memory; the administrator who loads has its rights
        wizard = (
            self.sudo()
            .env["clinic.setup.wizard"]
            .new(
                {
                    "company_id": load.company_id.id,
                    "tz": load.branch_id.tz or self.env.user.tz or "Europe/Moscow",
                }
            )
        )
        for item in items:
            known = wizard._find_named(self._target, item.parsed["name"], self._own_domain(wizard))
            if known:
                item.state, item.main = "joined", known
                continue
            self._make(wizard, item)
            record = wizard._find_named(self._target, item.parsed["name"], self._own_domain(wizard))
            if not record:
                raise UserError(self.env._("The name was changed on the way. Check its signs."))
            item.state, item.main = "loaded", record
            item.add_made(record)
            if record[self._lines]:
                item.add_made(record[self._lines])

    @api.model
    def _make(self, wizard, item):
        """Make one record by a step of the wizard."""
        raise NotImplementedError

    @api.model
    def _own_domain(self, wizard):
        return []

    @api.model
    def _untouched(self, load, rows):
        free = super()._untouched(load, rows)
        for row_id, made, _stamp in rows:
            record = self.env[self._target].browse(made.get(self._target, ())).exists()
            lines = made.get(self.env[self._target]._fields[self._lines].comodel_name, [])
            if set(record[self._lines].ids) - set(lines):
                free.discard(row_id)
        return free

    @api.model
    def _still_there(self, load):
        links = self.env["clinic.import.link"].search([("import_id", "=", load.id)])
        return len(self.env[self._target].browse(links.mapped("res_id")).exists())
