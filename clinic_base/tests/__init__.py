# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_access
from . import test_branch
from . import test_builders
from . import test_offer
from . import test_practitioner
