# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import calendar_event
from . import clinic_appointment
from . import clinic_practitioner
from . import res_company
from . import res_config_settings
from . import res_partner
