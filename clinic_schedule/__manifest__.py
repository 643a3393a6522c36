# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Clinic: schedule",
    "summary": "Shifts, free time, holds and visits that cannot be booked twice",
    "version": "19.0.1.0.0",
    "category": "Healthcare",
    "author": "Clinic Suite contributors",
    "website": "https://clinic-suite.example",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["clinic_base"],
    "data": [
        "security/clinic_schedule_groups.xml",
        "security/clinic_schedule_rules.xml",
        "security/ir.model.access.csv",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "data/clinic_appointment_reason_data.xml",
        "views/clinic_schedule_menus.xml",
        "views/clinic_board_views.xml",
        "report/clinic_schedule_reports.xml",
        "report/clinic_schedule_report_templates.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "clinic_schedule/static/src/site_booking_service.js",
            "clinic_schedule/static/src/board/**/*",
        ],
        "web.report_assets_common": ["clinic_schedule/static/src/report/board_print.scss"],
        "web.assets_tests": ["clinic_schedule/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["clinic_schedule/static/tests/*.test.js"],
    },
}
