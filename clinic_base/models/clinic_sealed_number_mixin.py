# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..vault import key_id_of

MASK = "•"
TAIL = 4
MAX_NUMBER = 60
#: Latin letters that look like Cyrillic ones: both spellings of a series are one number.
_LOOKALIKE = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
IDENTITY_GROUP = "clinic_base.group_clinic_identity"


class ClinicSealedNumberMixin(models.AbstractModel):
    """A number that is encrypted at rest, shown by its last four characters and found by the whole.

    Models that take it have ``patient_id``; the patient's permanent identifier ties the sealed value
    to its owner. ``number`` accepts a whole number and gives a masked one by every route; the whole
    number leaves only through ``action_reveal_number``, which is an event of the access journal.
    """

    _name = "clinic.sealed.number.mixin"
    _description = "Encrypted number"

    number = fields.Char(
        compute="_compute_number",
        inverse="_inverse_number",
        search="_search_number",
        help="Encrypted; the last four characters are shown. To replace it type the whole number.",
    )
    number_sealed = fields.Char(copy=False, groups=fields.NO_ACCESS)
    number_blind = fields.Char(copy=False, index="btree_not_null", groups=fields.NO_ACCESS)
    number_key = fields.Integer(
        string="Key of the number", copy=False, index="btree_not_null", groups=fields.NO_ACCESS
    )
    number_tail = fields.Char(string="Last characters", copy=False, readonly=True)
    number_doubt = fields.Selection(
        selection="_selection_number_doubt",
        string="Check of the number",
        copy=False,
        readonly=True,
        help="What the check of the digits found when the number was typed. A warning only.",
    )
    number_twin_ids = fields.Many2many(
        "res.partner", string="Cards with the same number", compute="_compute_number_twin_ids"
    )

    @api.model
    def _selection_number_doubt(self):
        return [
            ("length", self.env._("Not the usual number of digits")),
            ("check", self.env._("The check digits do not fit")),
            ("form", self.env._("Not the usual form")),
        ]

    @api.depends("number_tail")
    def _compute_number(self):
        for record in self:
            record.number = MASK * TAIL + f" {record.number_tail}" if record.number_tail else False

    def _inverse_number(self):
        """Seal what was typed. A masked value that comes back untouched changes nothing."""
        for record in self:
            typed = " ".join((record.number or "").split())
            if MASK in typed:
                if typed == MASK * TAIL + f" {record.number_tail}":
                    continue
                raise UserError(
                    self.env._("Type the whole number: its hidden part cannot be filled in by the program.")
                )
            record._seal_number(typed)

    def _seal_number(self, typed):
        """Store a number; an empty one removes it. Rights: the caller's on this record."""
        self.ensure_one()
        if len(typed) > MAX_NUMBER:
            raise UserError(
                self.env._(
                    "A number has at most %(limit)s characters. Check what was typed.", limit=MAX_NUMBER
                )
            )
        vals = self._sealed_vals(typed, self._number_place()) if self._normal_number(typed) else None
        if vals:
            vals["number_doubt"] = self._number_doubt(typed) or False
        else:
            vals = dict.fromkeys(
                ("number_sealed", "number_blind", "number_key", "number_tail", "number_doubt"), False
            )
        # the columns of the seal are closed to every user; the right to write the record was checked
        self.sudo().write(vals)

    @api.model
    def _sealed_vals(self, typed, place, ring=None):
        """Columns of a row for a whole number as typed; for programs that make many rows at once.

        :param place: see ``_number_place_of``
        :param ring: keys taken once for many rows
        """
        normal = self._normal_number(typed)
        ring = ring or self.env["clinic.vault"]._sealing_ring()
        sealed = ring.seal(typed, place)
        return {
            "number_sealed": sealed,
            "number_blind": ring.blind(normal, self._name),
            "number_key": key_id_of(sealed),
            # of a short number less is shown, so that the mask hides at least a half
            "number_tail": normal[-min(TAIL, len(normal) // 2) :] if len(normal) > 1 else MASK,
        }

    def _number_place(self):
        """What the sealed value is tied to; survives a merge by being sealed anew."""
        return self._number_place_of(self.patient_id)

    def _number_place_of(self, patient):
        owner = patient.sudo().patient_uuid
        if not owner:
            raise UserError(
                self.env._("Documents and policies belong to a patient. Choose the patient first.")
            )
        return (self._name, "number", owner)

    def _number_doubt(self, number):
        """Code of ``number_doubt`` for a number as typed, or an empty string. Extension point."""
        return ""

    @api.model
    def _normal_number(self, text):
        """Letters and digits only, capital, both alphabets alike: what is compared."""
        kept = "".join(char for char in (text or "").upper() if char.isalnum())
        return kept.translate(_LOOKALIKE)

    @api.model
    def _search_number(self, operator, value):
        if operator not in ("in", "not in"):
            raise UserError(
                self.env._(
                    "Numbers are encrypted, so only a whole number can be searched for. "
                    "Type all of it and search for an exact match."
                )
            )
        texts = [self._normal_number(text) for text in value if text]
        hashes = []
        if any(texts):
            ring = self.env["clinic.vault"]._ring()
            hashes = [each for text in texts if text for each in ring.blinds(text, self._name)]
        found = Domain("id", "in", self._ids_by_blind(hashes)) if hashes else Domain.FALSE
        if not all(value):
            found |= Domain("number_tail", "=", False)
        return ~found if operator == "not in" else found

    @api.model
    def _ids_by_blind(self, hashes):
        """Ids of rows under these hashes; read as the superuser, the outer search applies the rules."""
        return self.sudo().with_context(active_test=False)._search([("number_blind", "in", hashes)])

    @api.depends("number_tail")
    def _compute_number_twin_ids(self):
        """Other patients with this very number. The first holder may be the wrong one, so it is shown.

        Looked up as the superuser, who alone reads the hashes; shown are the cards that the user may see.
        """
        everyone = self.sudo()
        hashes = {record.id: record.number_blind for record in everyone if record.number_blind}
        twins = everyone.search([("number_blind", "in", list(set(hashes.values())))]) if hashes else everyone
        holders = twins.grouped("number_blind")
        for record in self:
            same = holders.get(hashes.get(record.id), everyone.browse()).patient_id
            others = [patient.id for patient in same if patient != record.patient_id and patient.active]
            record.number_twin_ids = self.env["res.partner"].search([("id", "in", others)])

    def _number_plain(self):
        """The whole number for print forms and exchange; the caller answers for the right and the event.

        :raise UserError: the key is missing or wrong
        """
        self.ensure_one()
        sealed = self.sudo().number_sealed
        return self.env["clinic.vault"]._open(sealed, self._number_place()) if sealed else ""

    def _change_owner_of_number(self, old, new):
        """Seal the numbers for another patient: at a join of cards and at its undo.

        :return: ``[{"id", "old", "new"}]``: each row with its seals before and after
        """
        vault = self.env["clinic.vault"]
        changes = []
        for row in self.sudo().filtered("number_sealed"):
            before = row.number_sealed
            plain = vault._open(before, row._number_place_of(old))
            row._put_seal(vault._sealing_ring().seal(plain, row._number_place_of(new)))
            changes.append({"id": row.id, "old": before, "new": row.number_sealed})
        self.flush_recordset()
        return changes

    def _put_seal(self, sealed):
        self.write({"number_sealed": sealed, "number_key": key_id_of(sealed)})

    def _restore_owner_of_number(self, change, old, new):
        """Undo one change of ``_change_owner_of_number``: the very seal of then, or a new one where
        the key was changed since."""
        self.ensure_one()
        own = self.sudo()
        if own.number_sealed == change["new"]:
            own._put_seal(change["old"])
            own.flush_recordset()
        else:
            self._change_owner_of_number(new, old)

    @api.model
    def _clinic_merge_combine(self, merge, column):
        """Before the rows move to the other card: their numbers belong to it from now on."""
        if column != "patient_id":
            return
        rows = self.with_context(active_test=False).search([("patient_id", "=", merge.loser_id.id)])
        changes = rows._change_owner_of_number(merge.loser_id, merge.survivor_id)
        if changes:
            self.env["clinic.merge.line"]._note(
                merge,
                "reseal",
                self._table,
                amount=len(changes),
                changes=changes,
                old=merge.loser_id.id,
                new=merge.survivor_id.id,
            )

    def action_reveal_number(self):
        """Show the whole number once. The look is written to the access journal first."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(IDENTITY_GROUP):
            raise AccessError(self.env._("Your role does not see whole numbers of documents and policies."))
        self.env["clinic.access.event"]._record_now("reveal", self.patient_id, model=self, detail="number")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.display_name,
                "message": self._number_plain(),
                "type": "info",
                "sticky": True,
            },
        }

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.invalidate_recordset(["number"])
        records.patient_id._clinic_match_later()
        return records

    def write(self, vals):
        if "patient_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "A document or policy stays with its patient. Archive it and enter it on the other card."
                )
            )
        result = super().write(vals)
        if "number" in vals:
            # what was typed does not come back in the answer
            self.invalidate_recordset(["number"])
        if vals.keys() & {"number", "active", "kind", "kind_id"}:
            self.patient_id._clinic_match_later()
        return result

    @api.model
    def _old_keys_domain(self):
        current = self.env["clinic.vault"]._ring().current_id
        return [("number_key", "not in", (False, 0, current))]

    @api.model
    def _count_old_keys(self):
        """How many rows wait to be sealed with the newest key."""
        return self.sudo().with_context(active_test=False).search_count(self._old_keys_domain())

    @api.model
    def _reseal_batch(self, limit=1000):
        """Seal rows of older keys anew, with the same number for the same owner.

        :return: how many rows of older keys are left
        """
        everyone = self.sudo().with_context(active_test=False)
        rows = everyone.search(self._old_keys_domain(), limit=limit, order="id")
        for row in rows.try_lock_for_update():
            row._seal_number(row._number_plain())
        return self._count_old_keys()
