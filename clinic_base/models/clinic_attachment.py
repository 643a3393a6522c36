# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ClinicAttachment(models.Model):
    """A patient is attached to an own doctor or to a programme: from when, until when, on what ground.

    Rows are ended by a date and kept as history. At any day a patient has one main doctor at most:
    a constraint of the database refuses overlapping ones, whoever writes.
    """

    _name = "clinic.attachment"
    _description = "Attachment of a patient"
    _order = "date_from desc, id desc"
    _rec_name = "patient_id"

    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True, domain=[("is_patient", "=", True)]
    )
    kind = fields.Selection(
        [("doctor", "Own doctor"), ("programme", "Programme")], required=True, default="doctor"
    )
    practitioner_id = fields.Many2one(
        "clinic.practitioner", string="Doctor", ondelete="restrict", index="btree_not_null"
    )
    is_main = fields.Boolean(string="Main doctor", default=True, help="The doctor who leads the patient.")
    programme_id = fields.Many2one("clinic.coverage.programme", ondelete="restrict", index="btree_not_null")
    programme_name = fields.Char(
        string="Programme in words", help="An own programme of the clinic that no insurer pays for."
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="The last day. Empty: without an end.")
    ground = fields.Char(help="Contract, application of the patient, order of the head doctor: number, date.")
    is_current = fields.Boolean(string="In force", compute="_compute_is_current", search="_search_is_current")
    label = fields.Char(string="To whom", compute="_compute_label")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An attachment cannot end before it begins. Correct one of the two dates.",
    )
    _something = models.Constraint(
        "CHECK (practitioner_id IS NOT NULL AND kind = 'doctor' OR kind = 'programme'"
        " AND (programme_id IS NOT NULL OR programme_name IS NOT NULL))",
        "Choose the doctor or the programme to which the patient is attached.",
    )
    _one_main_doctor = models.Constraint(
        "EXCLUDE USING gist (patient_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (is_main AND kind = 'doctor')",
        "The patient already has a main doctor in this time. End the other attachment first, or make this"
        " doctor not the main one.",
    )

    def _auto_init(self):
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        return super()._auto_init()

    @api.depends("practitioner_id", "programme_id", "programme_name", "kind")
    def _compute_label(self):
        for row in self:
            own = row.practitioner_id.name if row.kind == "doctor" else row.programme_id.name
            row.label = own or row.programme_name or ""

    @api.depends("patient_id", "label")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.patient_id.name} – {row.label}"

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for row in self:
            begun = row.date_from and row.date_from <= today
            row.is_current = bool(begun and (not row.date_to or row.date_to >= today))

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = self._current_domain(fields.Date.context_today(self))
        return Domain.OR(current if wanted else ~current for wanted in value)

    @api.model
    def _current_domain(self, day):
        """Attachments in force on ``day``."""
        return Domain("date_from", "<=", day) & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))

    @api.constrains("kind", "practitioner_id", "programme_id")
    def _check_kind(self):
        """One row speaks of one thing, so that history reads plainly."""
        for row in self:
            if row.kind == "doctor" and (row.programme_id or row.programme_name):
                raise ValidationError(
                    self.env._("Attach the patient to the doctor and to the programme in two rows.")
                )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "doctor":
            self.programme_id = self.programme_name = False
        else:
            self.practitioner_id = False

    @api.model
    def _clinic_merge_combine(self, merge, column):
        """Where both cards have a main doctor in the same time, that of the card that stays is kept main."""
        if column != "patient_id":
            return
        main = Domain([("is_main", "=", True), ("kind", "=", "doctor")])
        mine = self.search(main & Domain("patient_id", "=", merge.survivor_id.id))
        for row in self.search(main & Domain("patient_id", "=", merge.loser_id.id)):
            if any(row._overlaps(other) for other in mine):
                before = merge._row_of(row)
                row.is_main = False
                merge._note_row_change(row, before)

    def _overlaps(self, other):
        ends = fields.Date.to_date("9999-12-31")
        return self.date_from <= (other.date_to or ends) and other.date_from <= (self.date_to or ends)
