# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError


class ClinicHealth(models.AbstractModel):
    """Checks that an installation keeps its promises; addons add theirs by ``super()``."""

    _name = "clinic.health"
    _description = "Health of the installation"

    @api.model
    def check(self):
        """Run all checks; a list of ``{"name", "ok", "message"}``.

        Rights: clinic administrators and the system. Changes nothing.
        """
        if not self.env.su and not self.env.user.has_group("clinic_base.group_clinic_administrator"):
            raise AccessError(self.env._("Only clinic administrators may look at the health checks."))
        return self.sudo()._checks()

    def _checks(self):
        """The list of results; extend with ``super()._checks() + [self._result(…)]``."""
        return [self._check_keys(), self._check_journal(), self._check_destroyed()]

    def _result(self, name, ok, message=""):
        return {"name": name, "ok": bool(ok), "message": message}

    def _check_keys(self):
        """Without a key nothing can be sealed; that is in order only while nothing is."""
        vault = self.env["clinic.vault"]
        code, sentence = vault._state()
        return self._result("encryption_key", code == "ok" or not vault._check_values(), sentence)

    def _check_journal(self):
        self.env.cr.execute(
            "SELECT count(*) FROM clinic_access_event WHERE seal_ref IS NULL"
            " AND moment < (now() AT TIME ZONE 'UTC') - interval '2 hours'"
        )
        (count,) = self.env.cr.fetchone()
        return self._result(
            "access_journal",
            not count,
            self.env._(
                "Events of the access journal without a seal for more than two hours: %(count)s. "
                "The scheduled action that seals them seems not to run.",
                count=count,
            )
            if count
            else self.env._("The access journal is sealed."),
        )

    def _check_destroyed(self):
        """Nothing was added to a card whose data were destroyed, by a program or at the same moment."""
        cards = self.env["res.partner"].sudo().with_context(active_test=False)
        ids = cards.search([("erased_at", "!=", False)]).ids
        erasure = self.env["clinic.erasure"].sudo()
        lines = [line for line in cards._clinic_erase_spec() if line.action == "delete" and not line.parent]
        count = sum(len(erasure._rows(line, ids)) for line in lines) if ids else 0
        return self._result(
            "destroyed_cards",
            not count,
            self.env._(
                "Rows were added to cards whose data had been destroyed: %(count)s. Take in a request of "
                "destruction for these cards once more.",
                count=count,
            )
            if count
            else self.env._("Destroyed cards have stayed empty."),
        )
