# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_access
from . import test_access_documents
from . import test_access_journal
from . import test_sealed_number
from . import test_branch
from . import test_builders
from . import test_offer
from . import test_practitioner
from . import test_patient_name
from . import test_patient_search
from . import test_phone
from . import test_consent
from . import test_log_filter
from . import test_access_patient
from . import test_access_leaks
from . import test_setup_wizard
from . import test_patient_form
