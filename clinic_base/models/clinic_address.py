# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import ADDRESS_KINDS, ADDRESS_REASONS, ADDRESS_STATES

#: So many addresses are looked up at once; larger loads wait for the scheduled action.
AT_ONCE = 20
BATCH = 200
#: Columns that follow from text and code; nobody types them.
DERIVED = {
    "state",
    "reason",
    "guid",
    "kladr",
    "postcode",
    "text",
    "house",
    "flat",
    "city",
    "street",
    "confirmed_by_id",
    "confirmed_at",
}


class ClinicAddress(models.Model):
    """One address of a patient: the text as it was given, and what the classifier makes of it.

    The text is never changed by the program. A place that a person has chosen or confirmed is never
    changed by it either; the rest is looked up again when the classifier is loaded anew.
    """

    _name = "clinic.address"
    _description = "Address of a patient"
    _order = "patient_id, sequence, id"
    _rec_name = "raw"

    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True, domain=[("is_patient", "=", True)]
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(ADDRESS_KINDS, required=True, default="residence")
    raw = fields.Char(string="Address", required=True, help="As it was given; the program never changes it.")
    state = fields.Selection(ADDRESS_STATES, required=True, default="new", readonly=True)
    reason = fields.Selection(ADDRESS_REASONS, string="Why", readonly=True)
    code = fields.Char(string="Code of the classifier", help="The street or place that was chosen.")
    guid = fields.Char(string="Code of GAR", readonly=True)
    kladr = fields.Char(string="Code of KLADR", readonly=True)
    postcode = fields.Char(readonly=True)
    text = fields.Char(string="By the classifier", readonly=True)
    house = fields.Char(readonly=True)
    flat = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    street = fields.Char(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)

    _new_idx = models.Index("(id) WHERE state = 'new'")
    _doubtful_idx = models.Index("(state) WHERE state IN ('likely', 'several', 'none')")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._chosen(self._typed(vals), vals.get("raw")) for vals in vals_list])
        rows._look_up_soon()
        rows.patient_id._sync_address_from_rows()
        return rows

    def write(self, vals):
        vals = self._typed(vals)
        if not vals.keys() & {"raw", "code"}:
            result = super().write(vals)
        else:
            for row in self:
                text = vals.get("raw", row.raw)
                if not vals.get("code") and text == row.raw and "code" not in vals:
                    super(ClinicAddress, row).write(vals)
                else:
                    super(ClinicAddress, row).write(row._chosen(dict(vals), text))
            self._look_up_soon()
            result = True
        if vals.keys() & {"raw", "code", "active", "sequence", "kind", "patient_id"}:
            self.patient_id._sync_address_from_rows()
        return result

    @api.model
    def _typed(self, vals):
        """What people may write; the rest is the program's."""
        return dict(vals) if self.env.su else {name: vals[name] for name in vals if name not in DERIVED}

    @api.model
    def _chosen(self, vals, text):
        """A typed text waits for the classifier; a code beside it is a person's choice."""
        if self.env.su and "state" in vals:
            return vals
        cleared = dict.fromkeys(DERIVED | {"code"}, False)
        if not vals.get("code"):
            return {**cleared, **vals, "state": "new", "code": False}
        found = self.env["clinic.address.book"]._of_code(vals["code"], text)
        if not found["code"]:
            return {**cleared, **vals, "state": "new", "code": False}
        return {**cleared, **vals, **found, **self._confirmation()}

    @api.model
    def _confirmation(self):
        return {
            "state": "confirmed",
            "reason": False,
            "confirmed_by_id": self.env.uid,
            "confirmed_at": fields.Datetime.now(),
        }

    def action_confirm(self):
        """The address is right as it stands; the program does not look it up any more."""
        self.check_access("write")
        # the state is the program's column; the right to the row was checked
        self.sudo().write(self._confirmation())

    def _look_up_soon(self):
        """A few addresses at once, many in the background."""
        waiting = self.filtered(lambda row: row.state == "new")
        if not waiting:
            return
        if len(waiting) <= AT_ONCE:
            waiting._look_up()
        else:
            # any user's change wakes the program's own action
            self.env.ref("clinic_base.ir_cron_address").sudo()._trigger()

    def _look_up(self):
        """Put down what the classifier says; confirmed addresses are left alone."""
        rows = self.filtered(lambda row: row.state != "confirmed")
        book = self.env["clinic.address.book"]
        if not rows or not book._is_filled():
            return
        # columns of the program, of rows that the caller may write
        own = rows.sudo().grouped(lambda row: row.patient_id.company_id or self.env.company)
        for company, group in own.items():
            found = book.with_company(company)._resolve(group.mapped("raw"))
            for row, values in zip(group, found, strict=True):
                row.write(values)

    @api.model
    def _cron_look_up(self):
        """Look up the addresses that wait, batch by batch."""
        if not self.env["clinic.address.book"]._is_filled():
            return
        domain = [("state", "=", "new")]
        left = self.with_context(active_test=False).search_count(domain)
        while left:
            rows = self.with_context(active_test=False).search(domain, limit=BATCH, order="id")
            rows._look_up()
            left = max(0, left - len(rows))
            self.env["ir.cron"]._commit_progress(len(rows), remaining=left)

    @api.model
    def _look_up_again(self):
        """After a load of the classifier: everything that no person has confirmed waits anew."""
        self.flush_model(["state"])
        self.env.cr.execute("UPDATE clinic_address SET state = 'new' WHERE state <> 'confirmed'")
        self.invalidate_model(["state"], flush=False)
        self.env.ref("clinic_base.ir_cron_address")._trigger()
