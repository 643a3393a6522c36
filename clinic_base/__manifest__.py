# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Clinic: ground",
    "summary": "Patients, branches, practitioners, rooms, devices and medical services of a clinic",
    "version": "19.0.1.0.0",
    "category": "Healthcare",
    "author": "Clinic Suite contributors",
    "website": "https://clinic-suite.example",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["mail", "phone_validation", "resource", "product", "contacts"],
    "data": [
        "security/clinic_base_groups.xml",
        "security/clinic_base_rules.xml",
        "security/ir.model.access.csv",
        "data/product_category_data.xml",
        "views/clinic_base_menus.xml",
    ],
    "application": True,
}
