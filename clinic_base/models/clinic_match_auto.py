# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .clinic_merge import MERGE_GROUP

#: Groups that one night joins at most: people have to be able to look through them in the morning.
NIGHT = 100


class ClinicMatchCluster(models.Model):
    """The auto zone: obvious groups joined at night where the company wants it, told in the morning."""

    _inherit = "clinic.match.cluster"

    @api.model
    def _auto_domain(self):
        """Obvious groups of companies that let the matcher join; cards without a company need all to."""
        companies = self.env["res.company"]
        willing = companies.search([("clinic_match_auto", "=", True)])
        unwilling = companies.search([("clinic_match_auto", "=", False)], limit=1)
        domain = [("state", "=", "open"), ("zone", "=", "auto"), ("hold_reason", "=", False)]
        allowed = willing.ids + ([] if unwilling else [False])
        return [*domain, ("company_id", "in", allowed)]

    @api.model
    def _cron_auto(self):
        """Join the obvious groups of the night, each in its own transaction, and tell who looks after it."""
        clusters = self.search(self._auto_domain(), limit=NIGHT)
        joined = self.browse()
        for number, cluster in enumerate(clusters, 1):
            if cluster._join_obvious("auto"):
                joined |= cluster
            # the digest goes with the last joins, so that no join is without one
            if number == len(clusters):
                joined._tell_digest()
            self.env["ir.cron"]._commit_progress(1, remaining=len(clusters) - number)

    def _join_obvious(self, kind):
        """Join one group by the rule for values; where something stands in the way, leave it to a person.

        :return: whether it was joined
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._check_obvious()
                plan = self._plan()
                self._join({**plan, "takes": self._machine_takes(plan["survivor"] | plan["people"])}, kind)
        except UserError as error:
            self.invalidate_recordset()
            # closed to people; the sentence says what stands in the way and has no values
            self.sudo().hold_reason = str(error)
            return False
        return True

    def _check_obvious(self):
        """Refuse a group that is not obvious any more, or whose cards the matcher has not seen yet."""
        self._check_open(("open",))
        waiting = self.env["clinic.match.waiting"].sudo()
        if self.zone != "auto" or waiting.search_count([("partner_id", "in", self._people().ids)]):
            raise UserError(
                self.env._("A card of this group was changed; the matcher looks at it again first.")
            )

    def _tell_digest(self):
        """A task of today for each of those who join cards: look through what the night has joined."""
        activities = self.env["mail.activity"].sudo()
        for company in self.env["res.company"].search([("clinic_match_auto", "=", True)]):
            own = self.filtered(
                lambda cluster, company=company: cluster.company_id in (company, company.browse())
            )
            if not own:
                continue
            users = (
                self.env.ref(MERGE_GROUP)
                .sudo()
                .all_user_ids.filtered(
                    lambda user, company=company: (
                        user.active
                        and user._is_internal()
                        and user.id != self.env.ref("base.user_root").id
                        and company in user.company_ids
                    )
                )
            )
            for user in users:
                translated = self.with_context(lang=user.lang)
                link = Markup('<a href="/odoo/action-clinic_base.clinic_merge_auto_action">%s</a>') % (
                    translated.env._("Look through them; each can be undone by one button.")
                )
                activities.create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": company.partner_id.id,
                        "user_id": user.id,
                        "date_deadline": fields.Date.context_today(self),
                        "summary": translated.env._(
                            "Cards joined by the matcher tonight: %(count)s", count=len(own)
                        ),
                        "note": link,
                    }
                )
