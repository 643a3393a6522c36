# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, models
from odoo.tools import format_date

#: Fields of the card where one value stays; groups of the list stay together.
CHOICE_FIELDS = (
    "family_name",
    "given_name",
    "patronymic",
    "birth_date",
    "sex",
    "email",
    "street",
    "city",
    "zip",
    "patient_branch_id",
    "lang",
)
#: Moves by its attachments, not by a written value.
PHOTO = "image_1920"
#: When both cards have a value here and the values differ, only a person chooses.
ASK_FIELDS = ("family_name", "given_name", "patronymic", "birth_date", "sex")
#: Flags that protect somebody: one card with the flag is enough.
PROTECTIVE_FIELDS = ("needs_prepayment", "call_representative")
NAME_FIELDS = ("family_name", "given_name", "patronymic")


class ClinicMerge(models.Model):
    """Values of the card: which stay, what becomes a former name, what is joined."""

    _inherit = "clinic.merge"

    def _shown_value(self, field, value):
        if not value:
            return False
        if field.type == "binary":
            return self.env._("there is a photo")
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "many2one":
            return value.display_name
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        return str(value)

    def _default_choices(self):
        """Rows for every difference; an empty value gives way by itself, the rest is proposed or asked."""
        self.ensure_one()
        own = self.sudo()
        rows = []
        for number, name in enumerate(CHOICE_FIELDS):
            mine, other = own.survivor_id[name], own.loser_id[name]
            if mine == other or not other:
                continue
            ask = bool(mine) and name in ASK_FIELDS
            take = False if ask else "survivor" if mine else "loser"
            rows.append(Command.create({"sequence": number, "field": name, "is_required": ask, "take": take}))
        if own.loser_id.image_1920 and own.loser_id.image_1920 != own.survivor_id.image_1920:
            take = "survivor" if own.survivor_id.image_1920 else "loser"
            rows.append(
                Command.create(
                    {"sequence": len(CHOICE_FIELDS), "field": PHOTO, "is_required": False, "take": take}
                )
            )
        return rows

    def _choice_problems(self):
        open_choices = self.choice_ids.filtered(lambda choice: choice.is_required and not choice.take)
        if not open_choices:
            return []
        return [
            self.env._("Choose which value stays: %(names)s.", names=", ".join(open_choices.mapped("label")))
        ]

    def _merge_values(self):
        """Write the chosen values to the card that stays; its row is noted by the caller."""
        survivor, loser = self.survivor_id, self.loser_id
        vals = {}
        taken = self.choice_ids.filtered(lambda choice: choice.take == "loser")
        if PHOTO in taken.mapped("field"):
            self._swap_photos()
        for choice in taken.filtered(lambda choice: choice.field != PHOTO):
            value = loser[choice.field]
            vals[choice.field] = value.id if survivor._fields[choice.field].type == "many2one" else value
        self._keep_former_names(vals)
        for name in ("patient_alert", "comment"):
            joined = self._joined_text(name)
            if joined != survivor[name]:
                vals[name] = joined
        for name in PROTECTIVE_FIELDS:
            if loser[name] and not survivor[name]:
                vals[name] = True
        if loser.is_provisional is False and survivor.is_provisional:
            vals["is_provisional"] = False
        if vals:
            survivor.with_context(tracking_disable=True).write(vals)

    def _swap_photos(self):
        """The photo of the other card comes to the one that stays; the archived card keeps this one's."""
        attachments = self.env["ir.attachment"].sudo()
        photos = {
            card: attachments.search(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "=", card.id),
                    ("res_field", "=like", "image_%"),
                ],
                order="id",
            )
            for card in (self.survivor_id, self.loser_id)
        }
        for card, other in ((self.survivor_id, self.loser_id), (self.loser_id, self.survivor_id)):
            if photos[card]:
                self.env["clinic.merge.line"]._note(
                    self,
                    "repoint",
                    attachments._table,
                    "res_id",
                    amount=len(photos[card]),
                    old=card.id,
                    new=other.id,
                    keys=[{"id": photo.id} for photo in photos[card]],
                )
                self.env.cr.execute(
                    "UPDATE ir_attachment SET res_id = %s WHERE id = ANY(%s)", [other.id, photos[card].ids]
                )
        self.env.invalidate_all()

    def _joined_text(self, name):
        """Both texts, the own one first; the same text is not repeated."""
        mine, other = self.survivor_id[name], self.loser_id[name]
        if not other or (mine and str(other) in str(mine)):
            return mine
        if not mine:
            return other
        # the note is HTML, the alert a line of plain text
        return mine + other if name == "comment" else f"{mine}; {other}"

    def _keep_former_names(self, vals):
        """The name that does not stay is kept as a former one."""
        survivor, loser = self.survivor_id, self.loser_id
        new = {name: vals.get(name, survivor[name]) for name in NAME_FIELDS}
        known = {tuple(row[name] or "" for name in NAME_FIELDS) for row in survivor.clinic_former_name_ids}
        for card in (survivor, loser):
            old = {name: card[name] for name in NAME_FIELDS}
            key = tuple(old[name] or "" for name in NAME_FIELDS)
            if not old["family_name"] or old == new or key in known:
                continue
            known.add(key)
            row = self.env["clinic.former.name"].create({"patient_id": survivor.id, "source": "merge", **old})
            self.env["clinic.merge.line"]._note(self, "create", row._table, key={"id": row.id})
