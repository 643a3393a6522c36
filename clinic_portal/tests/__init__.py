# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_access,
    test_booker,
    test_booking,
    test_booking_bad_input,
    test_booking_service,
    test_catalogue,
    test_codes,
    test_consents,
    test_home_visit,
    test_person,
    test_request,
    test_request_desk,
    test_tours,
    test_visits,
)
from . import test_spare_price
from . import test_ticket
