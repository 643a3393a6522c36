"""The fictional clinic of demo databases.

``load(env)`` is called once, by ``./clinic run``, on a fresh database with every addon of the suite;
``logins(env)`` tells which lines ``run`` prints. Both run as superuser; the caller commits.
"""


def load(env):
    """Fill the demo clinic."""
    env.ref("base.user_admin").password = "admin"


def logins(env):
    """[(role, login, password)] for the user of the demo clinic."""
    return [("Администратор", "admin", "admin")]
