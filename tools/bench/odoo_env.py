"""Odoo inside a bench or worker process: configured once, registries by database."""

import contextlib

_configured = []


def configure(conf):
    if not _configured:
        from odoo.tools import config

        config.parse_config(["-c", str(conf), "--no-http", "--max-cron-threads=0", "--log-level=warn"])
        _configured.append(conf)


@contextlib.contextmanager
def environment(conf, database, login=None):
    """Environment of a user (superuser by default); commits at the end, rolls back on an exception."""
    configure(conf)
    import odoo
    from odoo import api
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {})
        if login:
            user = env["res.users"].search([("login", "=", login)])
            env = api.Environment(cr, user.id, {})
        yield env(context=env["res.users"].context_get())
