# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fictional clinic of demo databases: the network «Ангара» in Irkutsk and Chita.

``load(env)`` is called once, by ``./clinic run``, on a fresh database with every addon of the suite;
``logins(env)`` tells which lines ``run`` prints. Both run as superuser; the caller commits.
Everything is made by the same models that people use; persons, phones and licences are invented.
"""

import logging
import random
import time

from .tables import SEED

_logger = logging.getLogger(__name__)


def load(env):
    """Fill the demo clinic. Deterministic but for the dates, which count from today."""
    # imported late: the list of logins is wanted without Odoo too
    from . import accounts, people, places, staff

    env["ir.config_parameter"].sudo().set_param("clinic_base.demo_database", "1")
    env["res.lang"]._activate_lang("ru_RU")
    env.ref("base.user_root").write({"tz": "Asia/Irkutsk", "lang": "ru_RU"})
    env = env(context=dict(env.context, lang="ru_RU", tz="Asia/Irkutsk", tracking_disable=True))
    rng = random.Random(SEED)
    world = places.build(env)
    steps = [staff.build, people.build, accounts.build]
    if "clinic.booking" in env:
        from . import history, shifts, spare, together, visits

        steps += [shifts.build, history.build, visits.build, together.build, spare.build]
    for build in steps:
        begun = time.monotonic()
        build(env, world, rng)
        env.flush_all()
        _logger.info("demo clinic: %s in %.1f s", build.__module__, time.monotonic() - begun)


def load_at_noon(env):
    """The same as if it were 11:40 of a working day: for pictures that are taken at night.

    Returns the moment (UTC) that the pictures pretend to be taken at.
    """
    from freezegun import freeze_time

    from .shifts import working_noon

    moment = working_noon()
    with freeze_time(moment, tick=True):
        load(env)
        env.flush_all()
    return moment.isoformat()


def logins(env):
    """[(role, login, password)] for the users of the demo clinic."""
    from .accounts import logins as rows

    return rows()
