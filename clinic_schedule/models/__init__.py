# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import clinic_shift_template
from . import clinic_shift_template_line
from . import clinic_shift
from . import clinic_absence
from . import clinic_appointment_reason
from . import clinic_appointment
from . import clinic_appointment_journal
from . import clinic_slot_claim
from . import clinic_booking_event
from . import clinic_availability
from . import clinic_booking
from . import clinic_booking_terms
from . import clinic_booking_plan
from . import clinic_booking_steps
from . import clinic_health
