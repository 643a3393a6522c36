# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..messages import birth_date_problem
from ..person_match import (
    BirthDateError,
    PersonName,
    parse_birth_date,
    parse_full_name,
    proper_case,
    sex_from_name,
)

NAME_PARTS = ("family_name", "given_name", "patronymic")
MAX_PART = 100
#: Written by the program only.
_CARD_IDENTITY = {"merged_into_id", "patient_uuid", "patient_number"}
_WATCHED = {*NAME_PARTS, "name", "is_patient", "birth_date"}


class ResPartner(models.Model):
    """The name of a patient is built from its parts; other contacts are left alone."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        by_default = self.env.context.get("default_is_patient")
        return super().create(
            [
                self._prepare_patient_vals(vals) if vals.get("is_patient", by_default) else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        self._check_card_write(vals)
        if not _WATCHED & vals.keys():
            return super().write(vals)
        patients = self.filtered(lambda partner: vals.get("is_patient", partner.is_patient))
        others = self - patients
        if others:
            super(ResPartner, others).write(dict(vals))
        groups = defaultdict(lambda: self.browse())
        for patient in patients:
            groups[tuple(sorted(patient._prepare_patient_changes(vals).items()))] += patient
        common = {key: value for key, value in vals.items() if key not in (*NAME_PARTS, "name", "birth_date")}
        for changes, group in groups.items():
            super(ResPartner, group).write({**common, **dict(changes)})
        return True

    def _check_card_write(self, vals):
        """Refuse to change what a card stands and falls with; programs of the suite do it as superuser.

        A contact that stops to be a patient would open its phones to everybody, a false number or
        identifier would lead programs outside to another person.
        """
        if self.env.su:
            return
        taken = "is_patient" in vals and not vals["is_patient"] and any(card.is_patient for card in self)
        if taken or _CARD_IDENTITY & vals.keys():
            raise AccessError(
                self.env._(
                    "The card number, the permanent identifier and the mark of a patient are not changed "
                    "by hand. Archive a card that was made by mistake."
                )
            )

    @api.model
    def _prepare_patient_vals(self, vals):
        """Values of a new card: name from parts or parts from name, number, identifier, sex."""
        vals = {"patient_uuid": str(uuid.uuid4()), **vals}
        vals.update(self._clean_name_parts(vals))
        if "birth_date" in vals:
            vals["birth_date"] = self._read_birth_date(vals["birth_date"])
        if any(vals.get(part) for part in NAME_PARTS):
            vals["name"] = self._join_name(vals)
        elif vals.get("name"):
            vals.update(self._split_patient_name(vals["name"]))
        if "sex" not in vals:
            vals["sex"] = self._guess_sex(vals)
        if not vals.get("patient_number"):
            branch = self.env["clinic.branch"].browse(vals.get("patient_branch_id"))
            vals["patient_number"] = self._next_patient_number(branch)
        return vals

    def _prepare_patient_changes(self, vals):
        """What a write of ``vals`` means for the name and birth date of this one patient."""
        self.ensure_one()
        changes = {}
        if "birth_date" in vals:
            changes["birth_date"] = self._read_birth_date(vals["birth_date"])
        parts = self._clean_name_parts(vals)
        if parts:
            whole = {part: self[part] for part in NAME_PARTS} | parts
            name = self._join_name(whole)
            if not name:
                raise UserError(self.env._("A patient needs a name. Enter at least the surname."))
            changes.update(parts, name=name)
        elif "name" in vals and (vals["name"] != self.name or not self.is_patient):
            changes.update(self._split_patient_name(vals["name"]))
        elif vals.get("is_patient") and not self._join_name({part: self[part] for part in NAME_PARTS}):
            changes.update(self._split_patient_name(self.name))
        if vals.get("is_patient") and not self.patient_uuid:
            changes["patient_uuid"] = str(uuid.uuid4())
        if vals.get("is_patient") and not self.patient_number:
            branch = self.env["clinic.branch"].browse(vals.get("patient_branch_id")) or self.patient_branch_id
            changes["patient_number"] = self._next_patient_number(branch)
        if "sex" not in vals and not self.sex and changes.get("name"):
            sex = self._guess_sex(changes)
            if sex:
                changes["sex"] = sex
        if "name_to_check" in vals:
            changes.pop("name_to_check", None)
        return changes

    @api.model
    def _clean_name_parts(self, vals):
        """The name parts of ``vals``, trimmed, with capitals, and not longer than allowed."""
        parts = {}
        for part in NAME_PARTS:
            if part not in vals:
                continue
            text = " ".join(str(vals[part] or "").split())
            if len(text) > MAX_PART:
                raise UserError(
                    self.env._(
                        "A part of the name has %(size)s characters, at most %(limit)s are allowed. "
                        "Check that nothing else was pasted into the field.",
                        size=len(text),
                        limit=MAX_PART,
                    )
                )
            parts[part] = proper_case(text) or False
        return parts

    @api.model
    def _join_name(self, parts):
        return " ".join(parts[part] for part in NAME_PARTS if parts.get(part))

    @api.model
    def _split_patient_name(self, text):
        """Parts of a name that came as one text; the card asks for a look at it."""
        text = " ".join(str(text or "").split())
        if len(text) > MAX_PART * len(NAME_PARTS):
            raise UserError(
                self.env._(
                    "The name has %(size)s characters, at most %(limit)s are allowed. "
                    "Check that nothing else was pasted into the field.",
                    size=len(text),
                    limit=MAX_PART * len(NAME_PARTS),
                )
            )
        name = parse_full_name(text)
        if not name.full:
            name = PersonName(family=text)
        parts = {"family_name": name.family, "given_name": name.given, "patronymic": name.patronymic}
        parts = self._clean_name_parts(parts)
        return {**parts, "name": self._join_name(parts) or False, "name_to_check": True}

    @api.model
    def _guess_sex(self, vals):
        name = PersonName(given=vals.get("given_name") or "", patronymic=vals.get("patronymic") or "")
        return sex_from_name(name) or False

    @api.model
    def _read_birth_date(self, value):
        """A date from any usual spelling; raises a UserError that says what is wrong with it."""
        if not value:
            return False
        try:
            return parse_birth_date(value, fields.Date.context_today(self))
        except BirthDateError as error:
            raise UserError(birth_date_problem(self.env, error.code)) from None

    @api.model
    def _patient_sequences(self, branch):
        """``(ir.sequence as the superuser of the right company, code)`` of the card numbers."""
        sequences = self.env["ir.sequence"].sudo().with_company(branch.company_id or self.env.company)
        return sequences, branch._sequence_code("clinic.patient")

    @api.model
    def _next_patient_number(self, branch):
        """The next free card number: of the branch's own sequence, of the company's, or the common one.

        A branch has its own numbering when a sequence ``clinic.patient.<branch code>`` exists.
        Numbers that came with an import are stepped over.
        """
        sequences, code = self._patient_sequences(branch)
        while True:
            number = sequences.next_by_code(code)
            taken = number and self.sudo().with_context(active_test=False).search_count(
                [("patient_number", "=", number)], limit=1
            )
            if not taken:
                return number
