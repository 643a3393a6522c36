# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import queue_screen
from . import waiting
from . import calendar_feed
from . import emergency_list
