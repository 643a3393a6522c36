"""One process of a bench: reads its order from standard input, answers with one JSON line."""

import json
import sys

from . import odoo_env
from .loading import module


class Worker:
    """What a worker function gets: ``index`` of ``count``, ``database``, ``payload``."""

    def __init__(self, order, channel):
        self.index, self.count = order["index"], order["count"]
        self.database, self.payload = order["database"], order["payload"]
        self._conf, self._dsn, self._channel = order["conf"], order["dsn"], channel

    def env(self, login=None):
        """Context manager: Odoo environment; commits at the end."""
        return odoo_env.environment(self._conf, self.database, login)

    def join(self, folder):
        """Make the packages and the addons of a folder known to this process, before its first ``env``."""
        odoo_env.configure(self._conf)
        import odoo.addons

        sys.path.append(folder)
        odoo.addons.__path__.append(f"{folder}/odoo/addons")

    def connect(self):
        """A psycopg2 connection of one's own."""
        import psycopg2

        return psycopg2.connect(self._dsn)

    def barrier(self):
        """Wait until every worker stands here (once per worker)."""
        print("ready", file=self._channel, flush=True)
        sys.stdin.readline()


def main():
    # prints and logs of the benched code must not mix with the answer
    channel, sys.stdout = sys.stdout, sys.stderr
    order = json.loads(sys.stdin.readline())
    name, function = order["function"].split(":")
    result = getattr(module(name), function)(Worker(order, channel))
    print(json.dumps(result), file=channel, flush=True)


if __name__ == "__main__":
    main()
