# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.clinic_chain import LEAST_VISITS, MOST_VISITS

MAX_DAYS = 31


class ClinicChainFind(models.TransientModel):
    """The window that finds several services in one coming, with as little waiting as there can be."""

    _name = "clinic.chain.find"
    _description = "Find times for several services"

    chain_id = fields.Many2one("clinic.chain", ondelete="cascade", readonly=True)
    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", domain="[('is_patient', '=', True)]"
    )
    line_ids = fields.One2many("clinic.chain.find.line", "find_id", string="Services")
    fixed = fields.Boolean(string="In this order only", help="Otherwise the order with the least waiting.")
    first_day = fields.Date(
        string="Not before", required=True, default=lambda self: fields.Date.context_today(self)
    )
    days = fields.Integer(string="Look at (days)", required=True, default=7)
    hour_from = fields.Float(string="From (hour)", default=0.0)
    hour_to = fields.Float(string="To (hour)", default=24.0)
    branch_id = fields.Many2one("clinic.branch", ondelete="cascade", help="Empty: any branch.")
    most = fields.Integer(string="Wait at most (min)", default=60, help="Between the visits, all together.")
    pause = fields.Integer(string="Way between visits (min)", default=0)
    reason_id = fields.Many2one(
        "clinic.appointment.reason", ondelete="cascade", domain="[('kind', '=', 'move')]"
    )
    token = fields.Char(default=lambda self: secrets.token_urlsafe(24), groups=fields.NO_ACCESS)
    option_ids = fields.One2many("clinic.chain.find.option", "find_id", string="Comings")
    searched = fields.Boolean(readonly=True)
    without = fields.Char(string="No free time at all for", readonly=True)

    @api.model
    def _open(self, chain):
        """The window that moves the visits of a coming that are still ahead."""
        booking = self.env["clinic.booking"]
        visits = booking._chain_of(chain).visit_ids._to_come()
        booking._check_staff(visits)
        if not visits:
            raise UserError(self.env._("None of these visits is still to come, so there is nothing to move."))
        window = self.create(
            {
                "chain_id": chain.id,
                "patient_id": chain.patient_id.id,
                "branch_id": chain.branch_id.id,
                "first_day": max(visits[0].local_date, fields.Date.context_today(self)),
                "line_ids": [
                    Command.create(
                        {"service_id": visit.service_id.id, "practitioner_id": visit.practitioner_id.id}
                    )
                    for visit in visits
                ],
            }
        )
        return window._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Several services in one coming"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_find(self):
        """Button: find comings. Rights: those of the booking service; changes nothing."""
        self.ensure_one()
        self._check_wish()
        comings, without = self.env["clinic.booking"]._find_chains(
            [(line.service_id, line.practitioner_id) for line in self.line_ids],
            self.patient_id,
            self.first_day,
            self.first_day + timedelta(days=self.days - 1),
            branch=self.branch_id,
            hours=(round(self.hour_from * 60), round(self.hour_to * 60)),
            fixed=self.fixed,
            most=self.most,
            pause=self.pause,
            chain=self.chain_id,
        )
        self.option_ids.unlink()
        options = self.env["clinic.chain.find.option"].create(
            [
                {"find_id": self.id, "waiting": coming["waiting"], "branch_id": coming["branch_id"]}
                for coming in comings
            ]
        )
        names = ("resource_id", "service_id", "start", "stop", "price")
        self.env["clinic.chain.find.place"].create(
            [
                {"option_id": option.id, **{name: slot[name] for name in names}}
                for option, coming in zip(options, comings, strict=True)
                for slot in coming["slots"]
            ]
        )
        self.searched = True
        self.without = ", ".join(without.mapped("name"))
        return self._reopen()

    def _check_wish(self):
        least = 1 if self.chain_id else LEAST_VISITS
        if not least <= len(self.line_ids) <= MOST_VISITS:
            raise UserError(
                self.env._(
                    "Name %(least)s to %(most)s services of one coming.", least=LEAST_VISITS, most=MOST_VISITS
                )
            )
        if not 1 <= self.days <= MAX_DAYS:
            raise UserError(self.env._("At most %(days)s days are looked at.", days=MAX_DAYS))
        if not 0 <= self.hour_from < self.hour_to <= 24:
            raise UserError(self.env._("The hours of the day run from 0 to 24, the earlier one first."))
        if not 0 <= self.most <= 1440 or not 0 <= self.pause <= 240:
            raise UserError(
                self.env._("Waiting is at most a day, the way between two visits at most four hours.")
            )
        if self.first_day < fields.Date.context_today(self):
            raise UserError(self.env._("This day is over. Choose today or a later day."))

    def _take(self, slots):
        """Book these times, or move the visits to them; opens the coming."""
        booking = self.env["clinic.booking"]
        if self.chain_id:
            if not self.reason_id:
                raise UserError(self.env._("Choose the reason of the move."))
            chain = booking._move_chain(self.chain_id, slots, self.reason_id)
        else:
            # sudo: the window keeps its token to itself
            token = self.sudo().token
            chain = booking._book_chain(slots, self.patient_id, token, channel=booking._own_channel())
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.chain",
            "res_id": chain.id,
            "views": [(False, "form")],
        }

    @api.onchange("patient_id")
    def _onchange_patient(self):
        """The branch of the card is proposed."""
        proposed = self.env.context.get("default_branch_id")
        if not self.chain_id and self.patient_id.patient_branch_id and not proposed:
            self.branch_id = self.patient_id.patient_branch_id
