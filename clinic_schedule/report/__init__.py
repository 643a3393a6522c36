# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import report_day_list
from . import report_group_session
from . import report_route_sheet
