import { useBus, useService } from "@web/core/utils/hooks";
import { usePopover } from "@web/core/popover/popover_hook";
import { _t } from "@web/core/l10n/translation";
import { clock } from "../board/board_model";
import { BoardMenu } from "../board/visit_card";

const TITLES = {
    copy: _t("Copy a week"),
    swap: _t("Swap two doctors"),
    close: _t("Close a day"),
    block: _t("Close time"),
};

/**
 * What a senior nurse does with shifts from the board: opens the window of operations with what the
 * board shows. The window itself previews and writes; the board only loads again.
 *
 * @param {BoardAction} board
 */
export function useOperations(board) {
    const { store } = board;
    const action = useService("action");
    const menu = usePopover(BoardMenu, {
        position: "right-start",
        popoverClass: "o_cb_popover",
        arrow: false,
        onClose: () => (store.state.selection = null),
    });
    // an operation was done or taken back by a button of its notice
    useBus(board.env.bus, "CLINIC:OPERATION", () => store.load());

    const open = (kind, values = {}) =>
        action.doAction(
            {
                type: "ir.actions.act_window",
                name: TITLES[kind],
                res_model: "clinic.shift.operate",
                views: [[false, "form"]],
                target: "new",
                context: { one_operation: true, default_kind: kind, ...defaults(), ...prefixed(values) },
            },
            { onClose: () => store.load() }
        );

    /** What the board is about: branch, day and whoever is chosen or focused. */
    const defaults = () => {
        const { branch_id, date, focus, resource_id } = store.state;
        const column = focus && store.findColumn(focus.key);
        const chosen = resource_id || column?.resource_id || false;
        return prefixed({
            branch_id: column?.branch_id || branch_id || store.branches?.[0] || false,
            date_from: date,
            date_to: date,
            resource_id: (store.state.kind === "practitioner" && chosen) || false,
            resource_ids: chosen ? [chosen] : [],
        });
    };

    const closeTime = ({ column, start, stop }) =>
        open("block", {
            branch_id: column.branch_id,
            date_from: column.date,
            date_to: column.date,
            resource_ids: [column.resource_id],
            hour_from: start / 60,
            hour_to: stop / 60,
        });

    return {
        closeTime,
        /** Time was selected in a column: what is to become of it. */
        onSelect: (place) => {
            const { column, start, stop, el } = place;
            const actions = [
                { key: "close_time", label: _t("Close time…"), icon: "fa-lock", run: () => closeTime(place) },
                { key: "close_day", label: _t("Close the day…"), icon: "fa-ban", run: () => open("close", { branch_id: column.branch_id, date_from: column.date, date_to: column.date, resource_ids: [column.resource_id] }) },
            ];
            menu.open(el, { actions, title: `${column.short} ${clock(start)}–${clock(stop)}` });
        },
        /** For the toolbar. */
        items: [
            { key: "copy", label: _t("Copy a week…"), icon: "fa-clone", run: () => open("copy") },
            { key: "swap", label: _t("Swap two doctors…"), icon: "fa-exchange", run: () => open("swap") },
            { key: "close", label: _t("Close a day…"), icon: "fa-ban", run: () => open("close") },
            { key: "block", label: _t("Close time…"), icon: "fa-lock", run: () => open("block") },
            { key: "journal", label: _t("Operations and their undo"), icon: "fa-history", run: () => action.doAction("clinic_schedule.clinic_shift_operation_action") },
        ],
    };
}

function prefixed(values) {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`default_${name}`, value]));
}
