# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.texts import without_controls

from ..const import STAFF_CHANNELS
from ..exceptions import PleasePhone

MAX_REASON = 300


class ClinicBooking(models.AbstractModel):
    """Flags of the patient's card that change a booking: the black list and prepayment.

    In channels without a human of the clinic a patient on the black list is asked to phone and told
    no reason. The staff books with a reason of its own, which stays in the journal of the visit. The
    import of visits that were agreed long ago asks nothing.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _blacklist_note(self, patient, branch_id, channel, reason=None):
        """Text for the journal, empty for most patients.

        :raise UserError: this channel does not book for the patient, or the reason is missing
        """
        if channel == "import" or not self._is_blacklisted(patient):
            return ""
        if channel not in STAFF_CHANNELS:
            raise PleasePhone(self._please_phone(branch_id))
        text = without_controls(reason).strip() if isinstance(reason, str) else ""
        if not text:
            raise UserError(
                self.env._(
                    "This patient is on the black list. Choose the patient again and write why the visit is"
                    " booked all the same."
                )
            )
        if len(text) > MAX_REASON:
            raise UserError(
                self.env._("A text of the booking is too long: at most %(size)s characters.", size=MAX_REASON)
            )
        return self.env._("Black list, booked all the same: %(reason)s", reason=text)

    def _is_blacklisted(self, patient):
        """Whether the patient is on the black list now, and until this booking has ended.

        The lock makes an entry that is being written wait for the booking or the booking, asked anew,
        see the entry: no visit is booked past an entry that is in force.
        """
        if patient:
            self.env.cr.execute("SELECT 1 FROM res_partner WHERE id = %s FOR SHARE", [patient.id])
        return patient.clinic_blacklisted

    def _please_phone(self, branch_id):
        """The polite sentence; nothing in it depends on the patient."""
        branch = self.env["clinic.branch"].sudo().browse(branch_id)
        phone = branch.phone or branch.company_id.phone
        if phone:
            return self.env._("This visit is booked by phone only. Please call us: %(phone)s.", phone=phone)
        return self.env._("This visit is booked by phone only. Please call us.")
