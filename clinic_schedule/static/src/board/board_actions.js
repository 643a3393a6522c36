import { _t } from "@web/core/l10n/translation";
import { OPEN_STATES, parseUtc } from "./board_model";
import { sessionActions } from "../sessions/session_actions";

/**
 * What may be done with a visit in its state, for the card, the menu and the keys.
 *
 * @param {BoardAction} board
 * @param {{visit: Object}} hit
 * @returns {Array} {key, label, icon, hotkey?, primary?, rare?, run}; rare = menu only
 */
export function visitActions(board, { visit, column }) {
    const { store } = board;
    if (visit.session_id) {
        return sessionActions(board, { visit, column });
    }
    const call = (method, done) => () => store.act(method, [visit.id], done);
    const open = OPEN_STATES.includes(visit.state);
    const actions = [];
    if (visit.state === "booked") {
        actions.push({ key: "confirm", label: _t("Confirm"), icon: "fa-check-circle", hotkey: "K", run: call("confirm", _t("The visit has been confirmed.")) });
    }
    if (["booked", "confirmed"].includes(visit.state)) {
        actions.push({ key: "arrive", label: _t("Arrived"), icon: "fa-map-marker", hotkey: "A", primary: true, run: () => board.arrive(visit) });
    }
    if (visit.state === "arrived") {
        actions.push({ key: "start", label: _t("Begin the visit"), icon: "fa-stethoscope", primary: true, run: call("start", _t("The visit has begun.")) });
    }
    if (visit.state === "in_progress") {
        actions.push({ key: "done", label: _t("Finish the visit"), icon: "fa-check-square-o", primary: true, run: call("done", _t("The visit is finished.")) });
    }
    if (open) {
        actions.push({ key: "move", label: _t("Move…"), icon: "fa-arrows", hotkey: "M", run: () => board.carry("move", visit) });
    }
    actions.push({ key: "copy", label: _t("Book again"), icon: "fa-clone", hotkey: "D", run: () => board.carry("copy", visit) });
    if (store.state.rights.can_book) {
        actions.push({ key: "course", label: _t("Book a course…"), icon: "fa-repeat", rare: true, run: () => board.openFor(visit, "action_book_course") });
        actions.push({ key: "chain", label: _t("Several services in one coming…"), icon: "fa-link", rare: true, run: () => board.openFor(visit, "action_book_chain") });
    }
    if (store.state.rights.can_overbook && !column?.archived) {
        actions.push({ key: "cito", label: _t("Extra visit at this time (CITO)…"), icon: "fa-bolt", rare: true, run: () => board.openBooking({ column, minutes: visit.start, beside: visit }) });
    }
    if (open) {
        actions.push({ key: "cancel", label: _t("Cancel the visit"), icon: "fa-ban", hotkey: "C", run: () => board.cancelVisit(visit) });
    }
    if (["booked", "confirmed"].includes(visit.state) && parseUtc(visit.startText) <= Date.now()) {
        actions.push({ key: "no_show", label: _t("Did not come"), icon: "fa-user-times", rare: true, run: call("no_show", _t("Marked as not come.")) });
    }
    actions.push(
        { key: "talon", label: _t("Slip, 80 mm"), icon: "fa-print", hotkey: "P", run: () => board.print("talon80", [visit.id]) },
        { key: "talon_a5", label: _t("Slip, A5"), icon: "fa-file-o", rare: true, run: () => board.print("talon_a5", [visit.id]) },
        { key: "route", label: _t("Route sheet of the day"), icon: "fa-map-signs", rare: true, run: () => board.print("route", [visit.id]) },
        { key: "open", label: _t("Open the visit"), icon: "fa-external-link", run: () => board.openVisit(visit) }
    );
    return actions;
}

/** What may be done with a free place. */
export function freeActions(board, { column, minutes, shift }) {
    if (column.archived) {
        return [];
    }
    const actions = [
        { key: "new", label: _t("Book"), icon: "fa-plus", hotkey: "N", run: () => board.onFree({ column, minutes, shift }) },
    ];
    if (board.state.rights.can_shift) {
        actions.push({ key: "close_time", label: _t("Close time…"), icon: "fa-lock", run: () => board.operations.closeTime({ column, start: minutes, stop: minutes + 30 }) });
    }
    const { carry } = board.state;
    if (carry) {
        actions.push({ key: "stop", label: _t("Give up"), icon: "fa-times", hotkey: "Esc", run: () => board.dropCarry() });
    }
    return actions;
}
