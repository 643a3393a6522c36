# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Clinic: visits in the calendar of Odoo",
    "summary": "A one-way copy of visits into the calendars of doctors who want it",
    "version": "19.0.1.0.0",
    "category": "Healthcare",
    "author": "Clinic Suite contributors",
    "website": "https://clinic-suite.example",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["clinic_schedule", "calendar"],
    "auto_install": True,
    "data": [
        "data/ir_cron_data.xml",
        "views/clinic_practitioner_views.xml",
        "views/res_config_settings_views.xml",
    ],
}
