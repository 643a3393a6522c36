"""Bench of the bench: shows the shape of a module and that clones, environments and workers work."""

NAME = "SELF"


def run(ctx):
    """Four workers insert into one table of a clone; all rows must be there."""
    database = ctx.clone()
    with ctx.env(database) as env:
        users = env["res.users"].search_count([])
    with ctx.connect(database) as connection:
        connection.cursor().execute("CREATE TABLE selfcheck (worker int, start timestamptz)")
    results = ctx.workers(4, "selfcheck:insert", database, {"rows": ctx.count(200)})
    with ctx.connect(database) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*), extract(epoch from max(start) - min(start)) FROM selfcheck")
        rows, spread = cursor.fetchone()
    return {
        "ok": rows == 4 * ctx.count(200) == sum(results) and users > 0,
        "rows": rows,
        "start_spread_ms": round(float(spread) * 1000, 1),
        "deadlocks": ctx.deadlocks(database),
    }


def insert(worker):
    """One worker: waits for the others, then inserts its rows."""
    connection = worker.connect()
    cursor = connection.cursor()
    worker.barrier()
    for _row in range(worker.payload["rows"]):
        cursor.execute("INSERT INTO selfcheck VALUES (%s, statement_timestamp())", [worker.index])
    connection.commit()
    return worker.payload["rows"]
