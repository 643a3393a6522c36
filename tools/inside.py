"""Run one function in an Odoo database: ``python -m tools.inside CONF DB module:function ARGS ANSWER``."""

import importlib
import json
import sys

import odoo
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config


def main(conf, database, function, arguments, answer):
    config.parse_config(["-c", conf, "-d", database, "--no-http", "--max-cron-threads=0"], setup_logging=True)
    module, name = function.split(":")
    call = getattr(importlib.import_module(module), name)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {})
        env = env(context=env["res.users"].context_get())
        result = call(env, *json.loads(arguments))
    with open(answer, "w", encoding="utf-8") as stream:
        json.dump(result, stream, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
