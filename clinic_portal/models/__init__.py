# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import clinic_portal_limit
from . import clinic_portal_moment
from . import clinic_code_sender_mixin
from . import clinic_code_sender
from . import clinic_code_sender_demo
from . import clinic_phone_code
from . import clinic_portal_person
from . import clinic_portal_form
from . import clinic_portal_catalogue
from . import clinic_portal_starts
from . import clinic_practitioner
from . import clinic_appointment
from . import clinic_booking
from . import clinic_site_request
from . import ir_http
from . import res_config_settings
