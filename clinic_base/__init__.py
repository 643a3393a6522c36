# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import controllers
from . import models
from . import wizards
from . import report
from .hooks import post_init_hook
from .log_filter import install as install_log_filter
