# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo clinic's website: name, header and footer instead of Odoo's samples."""

from markupsafe import Markup

from odoo import Command

#: The phone that Odoo's website templates show until somebody edits them.
SAMPLE_PHONE = "+1 555-555-5556"

FOOTER = Markup(
    """
<data inherit_id="website.layout" name="Default" active="True">
    <xpath expr="//div[@id='footer']" position="replace">
        <div id="footer" class="oe_structure oe_structure_solo" t-ignore="true" t-if="not no_footer">
            <section class="s_text_block pt32 pb16" data-snippet="s_text_block" data-name="Text">
                <div class="container"><div class="row">%s</div></div>
            </section>
        </div>
    </xpath>
</data>
"""
)
BRANCH = Markup(
    """
<div class="col-lg-4 pb16">
    <h5>%(name)s</h5>
    <p>%(city)s, %(address)s<br/>%(hours)s<br/><a href="tel:%(phone)s">%(phone)s</a></p>
    <p>Лицензия %(licence_number)s</p>
</div>
"""
)


def dress(env, company, branches):
    """Put the clinic's own words on the site."""
    website = env["website"].get_current_website()
    russian = env.ref("base.lang_ru")
    website.write(
        {
            "name": "Клиника «Ангара»",
            "logo": env.company.logo,
            "homepage_url": "/clinic",
            # the clinic's texts are Russian: a browser of another language must not get half a page of it
            "default_lang_id": russian.id,
            "language_ids": [Command.set(russian.ids)],
        }
    )
    views = env["ir.ui.view"]
    views.search([("key", "=", "website.header_call_to_action")]).active = False
    footer = FOOTER % Markup().join(BRANCH % branch for branch in branches)
    views.search([("key", "=", "website.footer_custom")]).arch_db = str(footer)
    for view in views.search([("arch_db", "like", SAMPLE_PHONE)]):
        view.arch_db = view.arch_db.replace(SAMPLE_PHONE, company["phone"])
    for view in views.search([("key", "=", "website.footer_copyright_company_name")]):
        view.arch_db = view.arch_db.replace("Company name", "Клиника «Ангара». Все данные вымышлены")
