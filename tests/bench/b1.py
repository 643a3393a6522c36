"""B1: from the click on "Schedule" to the painted board of 60 doctors, in Chromium."""

from clinic_bench import browser, clinic60, desk

NAME = "B1"
BOUND_MS = 800

#: Opens the board as the menu does and answers the milliseconds until its columns are painted.
OPEN = """
new Promise((resolve, reject) => {
    const started = performance.now();
    const action = odoo.__WOWL_DEBUG__.root.env.services.action;
    action.doAction("clinic_schedule.action_clinic_board", {
        clearBreadcrumbs: true,
        additionalContext: { board: { date: "%s", mode: "day", kind: "practitioner" } },
    }).catch(reject);
    const look = () => {
        if (performance.now() - started > 30000) {
            reject(new Error("the board was not painted"));
        } else if (document.querySelector(".o_clinic_board .o_cb_visit")) {
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
        } else {
            requestAnimationFrame(look);
        }
    };
    requestAnimationFrame(look);
})
"""
#: A list without pictures between two openings: the server answers one request at a time, and eighty
#: pictures of contacts still on their way would stand in the queue before the board's own requests.
LEAVE = """
odoo.__WOWL_DEBUG__.root.env.services.action
    .doAction("clinic_base.clinic_specialty_action", { clearBreadcrumbs: true })
    .then(() => 1)
"""


def run(ctx):
    """Twenty openings in one signed-in browser; the first warms the caches and is not counted."""
    database = ctx.clone(clinic60.dataset(ctx))
    with ctx.env(database) as env:
        desk.make_registrar(env)
        date = desk.busiest_days(env)[0].isoformat()
    turns = ctx.count(20) if not ctx.small else 8
    with ctx.server(database) as address, browser.chromium() as page:
        browser.log_in(page, address, desk.LOGIN, desk.LOGIN)
        page.evaluate(OPEN % date)
        spent = []
        for _turn in range(turns):
            page.evaluate(LEAVE)
            page.wait("!document.querySelector('.o_clinic_board')")
            spent.append(page.evaluate(OPEN % date) / 1000)
        columns = int(page.evaluate("document.querySelector('.o_cb_count').textContent.match(/[0-9]+/)[0]"))
    timings = ctx.timings(spent)
    return {**timings, "columns": columns, "ok": timings["p95_ms"] <= ctx.bound(BOUND_MS) and columns > 0}
