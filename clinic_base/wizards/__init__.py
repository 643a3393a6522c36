# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import base_partner_merge
from . import clinic_match_bulk
from . import clinic_setup_wizard
from . import clinic_setup_wizard_steps
from . import clinic_print_package
from . import clinic_print_package_line
from . import clinic_print_preview
from . import clinic_print_scan
