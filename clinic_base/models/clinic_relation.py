# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import ADULT_AGE, RELATION_KINDS

#: Kinds whose right to act ends by itself when the child grows up.
PARENTS = ("mother", "father", "parent", "guardian")


class ClinicRelation(models.Model):
    """One person acts for a patient: until when and on what ground.

    Created at the desk or by the portal. That a person acts for himself needs no row.
    """

    _name = "clinic.relation"
    _description = "Who acts for a patient"
    _rec_name = "actor_id"
    _order = "patient_id, id"

    patient_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_patient", "=", True)],
    )
    actor_id = fields.Many2one(
        "res.partner",
        string="Acts for the patient",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_company", "=", False)],
    )
    kind = fields.Selection(RELATION_KINDS, string="Relation", required=True, default="mother")
    may_act = fields.Boolean(
        string="Books and decides",
        default=True,
        help="May book, move and cancel visits of the patient and see them in the cabinet.",
    )
    may_know_health = fields.Boolean(
        string="Told about health",
        help="The patient named this person as one who may be told about his health.",
    )
    ground = fields.Char(help="Birth certificate, court decision, power of attorney: kind, number, date.")
    date_from = fields.Date(string="From")
    date_to = fields.Date(
        string="Until",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        help="Parents act until the child is of age; a power of attorney has its own term.",
    )
    active = fields.Boolean(default=True)

    _not_oneself = models.Constraint("CHECK (patient_id <> actor_id)", "Nobody needs a relation to himself.")
    _one_per_pair = models.UniqueIndex(
        "(patient_id, actor_id) WHERE active", "This person already acts for this patient."
    )

    @api.depends("patient_id", "kind")
    def _compute_date_to(self):
        for relation in self:
            born = relation.patient_id.sudo().birth_date
            if relation.kind in PARENTS and born and not relation.date_to:
                of_age = born + relativedelta(years=ADULT_AGE)
                today = fields.Date.context_today(relation)
                relation.date_to = of_age if of_age > today else relation.date_to

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for relation in self:
            if relation.date_from and relation.date_to and relation.date_to < relation.date_from:
                raise ValidationError(
                    self.env._("The right to act would end before it begins. Correct one of the two dates.")
                )

    @api.depends("patient_id", "actor_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for relation in self:
            relation.display_name = self.env._(
                "%(actor)s (%(kind)s) for %(patient)s",
                actor=relation.actor_id.name,
                kind=kinds.get(relation.kind, ""),
                patient=relation.patient_id.name,
            )

    @api.model
    def _acting_domain(self, day):
        """Relations in force on ``day``."""
        return (
            fields.Domain("may_act", "=", True)
            & (fields.Domain("date_from", "=", False) | fields.Domain("date_from", "<=", day))
            & (fields.Domain("date_to", "=", False) | fields.Domain("date_to", ">=", day))
        )

    @api.model
    def _may_act_for(self, actor, patient, day=None):
        """Whether ``actor`` may act for ``patient`` on ``day`` (today): as himself or by a relation."""
        return actor == patient or bool(self._acting(actor, patient, day))

    @api.model
    def _acting(self, actor, patient, day=None):
        """The row by which ``actor`` acts for ``patient`` on ``day`` (today), or an empty record."""
        day = day or fields.Date.context_today(self)
        domain = self._acting_domain(day) & fields.Domain(
            [("actor_id", "=", actor.id), ("patient_id", "=", patient.id)]
        )
        return self.search(domain, limit=1)

    @api.model
    def _patients_of(self, actor, day=None):
        """Patients for whom ``actor`` may act on ``day`` (today), the actor first when a patient."""
        day = day or fields.Date.context_today(self)
        domain = self._acting_domain(day) & fields.Domain("actor_id", "=", actor.id)
        wards = self.search(domain).patient_id.filtered("active")
        return actor.filtered("is_patient") | wards
