import { _t } from "@web/core/l10n/translation";

/**
 * What may be done with a group session on the board: a place is booked here, the rest on its form.
 *
 * @param {BoardAction} board
 * @param {{visit: Object, column: Object}} hit the block of the session and its column
 */
export function sessionActions(board, { visit, column }) {
    const actions = [];
    if (!visit.is_full && !column.archived) {
        actions.push({
            key: "new",
            label: _t("Book a place"),
            icon: "fa-plus",
            primary: true,
            run: () => board.openBooking({ column, minutes: visit.start, session: visit }),
        });
    }
    actions.push(
        {
            key: "print",
            label: _t("List of participants"),
            icon: "fa-print",
            run: () => runOnSession(board, visit, "action_print_participants"),
        },
        {
            key: "people",
            label: _t("Participants"),
            icon: "fa-users",
            run: () => runOnSession(board, visit, "action_participants"),
        },
        {
            key: "open",
            label: _t("Open the session"),
            icon: "fa-external-link",
            run: () =>
                board.action.doAction({
                    type: "ir.actions.act_window",
                    res_model: "clinic.group.session",
                    res_id: visit.session_id,
                    views: [[false, "form"]],
                }),
        }
    );
    return actions;
}

async function runOnSession(board, visit, method) {
    return board.action.doAction(
        await board.orm.call("clinic.group.session", method, [[visit.session_id]])
    );
}
