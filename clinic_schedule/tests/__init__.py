# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_access
from . import test_bad_input
from . import test_booking
from . import test_claim
from . import test_day_list
from . import test_event_log
from . import test_guards
from . import test_health
from . import test_merge
from . import test_search
from . import test_search_model
from . import test_setup_wizard
from . import test_shift
from . import test_board
from . import test_board_pdf
from . import test_board_tours
from . import test_board_units
