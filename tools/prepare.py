"""Steps inside Odoo databases that the command needs (run by tools.inside)."""

import secrets


def russia(env):
    """Make the company Russian before other modules load: their data look at its country."""
    company = env.ref("base.main_company")
    russian = env.ref("base.ru")
    rouble = env.ref("base.RUB")
    rouble.active = True
    company.partner_id.write({"country_id": russian.id, "lang": "ru_RU", "tz": "Asia/Irkutsk"})
    company.currency_id = rouble
    users = env["res.users"].with_context(active_test=False).search([])
    users.write({"lang": "ru_RU", "tz": "Asia/Irkutsk"})
    env["ir.default"].set("res.partner", "lang", "ru_RU")
    # Russian first: what is created without a language speaks Russian
    env.ref("base.lang_en").active = True


def warm(env, tests=False):
    """Generate the asset bundles of pages, and of browser tests when asked, so that nobody waits for them."""
    qweb = env["ir.qweb"]
    scripts, styles = qweb._get_bundles_to_pregenarate()
    for bundle in sorted(scripts):
        if tests or "test" not in bundle:
            qweb._get_asset_bundle(bundle, css=False, js=True).js()
    for bundle in sorted(styles):
        if tests or "test" not in bundle:
            qweb._get_asset_bundle(bundle, css=True, js=False).css()
    return True


def new_admin_password(env):
    """Give the administrator of a real clinic a password of his own; returns it."""
    password = secrets.token_urlsafe(9)
    env.ref("base.user_admin").password = password
    return password


def uninstall(env, name):
    """Uninstall an addon; returns what is left of the suite."""
    module = env["ir.module.module"].search([("name", "=", name), ("state", "=", "installed")])
    module.button_immediate_uninstall()
    left = env["ir.module.module"].search([("name", "=like", "clinic%"), ("state", "=", "installed")])
    return left.mapped("name")
