# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Name the section of the price list in the language of the clinic: Odoo does not translate it."""
    # the superuser who installs speaks English always
    category = env.ref("clinic_base.product_category_medical_service")
    lang = env.company.partner_id.lang or env.ref("base.user_admin").lang
    category.name = env(context={**env.context, "lang": lang})._("Medical services")
