# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import import_download
from . import desk
from . import subject
from . import address
