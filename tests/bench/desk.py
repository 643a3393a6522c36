"""The registrar of the desk benches, and the day with the most doctors at work."""

LOGIN = "bench_registrar"


def make_registrar(env):
    """A registrar of all branches who may sign in as :data:`LOGIN`."""
    return env["res.users"].create(
        {
            "name": "Registrar",
            "login": LOGIN,
            "password": LOGIN,
            "group_ids": [(4, env.ref("clinic_base.group_clinic_registrar").id)],
            "company_ids": [(6, 0, env["res.company"].search([]).ids)],
        }
    )


def busiest_days(env, count=1):
    """Local dates of the future with the most doctors at work, the fullest first."""
    env.cr.execute(
        "SELECT local_date FROM clinic_shift WHERE local_date >= current_date"
        " GROUP BY local_date ORDER BY count(DISTINCT resource_id) DESC, local_date LIMIT %s",
        [count],
    )
    return [day for (day,) in env.cr.fetchall()]
