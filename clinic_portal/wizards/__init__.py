# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import clinic_ticket_link
