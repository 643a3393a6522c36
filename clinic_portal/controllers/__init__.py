# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import site, booking, site_request, visits, consents, ticket
