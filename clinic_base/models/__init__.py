# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import clinic_site_visible_mixin
from . import clinic_branch
from . import clinic_department
from . import clinic_specialty
from . import resource_resource
from . import clinic_room_type
from . import clinic_device_type
from . import clinic_room
from . import clinic_device
from . import clinic_practitioner
from . import product_product
from . import clinic_practitioner_service
from . import res_partner
