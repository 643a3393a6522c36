# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Clinic: tests across addons",
    "summary": "Journeys through several addons, tours and invariants of the whole suite",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Clinic Suite contributors",
    "website": "https://clinic-suite.example",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["clinic_portal"],
    "assets": {"web.assets_tests": ["test_clinic_flows/static/tests/**/*.js"]},
}
