# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicDestructionAct(models.Model):
    """Act of destruction of personal data, with what the order of Roskomnadzor asks for; never changed.

    Order 179 (of 28.10.2022) lets an act name the person by "other information that belongs to a certain
    person". Here these are the number and the identifier of the card and the number of the written
    request: with the name in it the database would keep what the act says was destroyed. The paper has a
    line for the name, written by hand, and is kept with the request.
    """

    _name = "clinic.destruction.act"
    _description = "Act of destruction of personal data"
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", string="Operator", required=True, readonly=True, index=True)
    processor = fields.Char(
        readonly=True, help="Who processed the data on the operator's order; empty: the operator himself."
    )
    date = fields.Datetime(required=True, readonly=True)
    subject_ref = fields.Char(string="Person", required=True, readonly=True)
    patient_ref = fields.Integer(string="Id of the card", readonly=True)
    officers = fields.Text(string="Who destroyed", readonly=True)
    what = fields.Text(string="What was destroyed", readonly=True)
    kept = fields.Text(string="What stays, restricted", readonly=True)
    system = fields.Char(string="Information system", readonly=True)
    means = fields.Char(string="Way of destruction", readonly=True)
    reason = fields.Char(readonly=True)
    proof = fields.Text(string="Proof query", readonly=True)
    is_proved = fields.Boolean(string="Nothing is left", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("An act is written by the destruction itself."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("An act of destruction is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("An act of destruction is kept for three years and not deleted by hand."))

    @api.model
    def _write_act(self, request, subject, officers, kept, done, proof):
        """The act of one destruction.

        :param kept: steps of the plan that a rule of keeping held back
        :param done: ``(model, what was done, rows)``
        :param proof: finds and notes of ``clinic.erasure._prove``
        """
        names = {model: self.env["ir.model"].sudo()._get(model).name for model, _action, _rows in done}
        ways = {
            "delete": self.env._("deleted"),
            "wipe": self.env._("made anonymous"),
            "restrict": self.env._("contact data deleted, the rest restricted"),
        }
        stays = [
            self.env._(
                "%(name)s: %(rows)s, until %(until)s", name=s["name"], rows=len(s["rows"]), until=s["until"]
            )
            for s in kept
        ]
        finds, notes = proof
        left = [f"{place}: {rows}" for place, rows in finds]
        if kept and left:
            left.insert(0, self.env._("Found, also because a part is kept by the rules of keeping:"))
        # nobody may make acts by hand; the caller has checked the right
        return self.sudo().create(
            {
                "number": self.env["ir.sequence"].sudo().next_by_code("clinic.destruction.act"),
                "company_id": request.company_id.id,
                "date": fields.Datetime.now(),
                "subject_ref": subject,
                "patient_ref": request.patient_id.id,
                "officers": officers,
                "what": "\n".join(f"{names[model]}: {rows} – {ways[action]}" for model, action, rows in done),
                "kept": "\n".join(stays) or False,
                "system": self.env._("Clinic database “%(name)s”", name=self.env.cr.dbname),
                "means": self.env._(
                    "rows deleted, values overwritten in the database, files removed from the store"
                ),
                "reason": self.env._("Request of the person No. %(number)s", number=request.number),
                "proof": "\n".join([*(left or [self.env._("Nothing was found.")]), *notes]),
                "is_proved": not finds,
            }
        )

    def _journal_rows(self):
        """The extract from the journal: what was destroyed when, by whom, with the numbers of the seals."""
        self.ensure_one()
        self.check_access("read")
        # the extract of this one card belongs to the act
        return (
            self.env["clinic.access.event"]
            .sudo()
            .search([("patient_ref", "=", self.patient_ref), ("action", "=", "erase")], order="id")
        )
