# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import clinic_absence_move
from . import clinic_absence_move_line
from . import clinic_absence_refuse
from . import clinic_appointment_cancel
from . import clinic_appointment_move
from . import clinic_calendar_feed_address
from . import clinic_group_session_repeat
from . import clinic_health_line
from . import clinic_print_package
from . import clinic_setup_wizard
from . import clinic_shift_plan
from . import clinic_shift_plan_line
from . import clinic_shift_operate
from . import clinic_shift_operate_line
from . import clinic_timesheet
from . import clinic_waiting_find
from . import clinic_waiting_find_line
