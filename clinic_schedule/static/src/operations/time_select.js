import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { clock } from "../board/board_model";

const THRESHOLD = 6;
const SNAP = 5;

/**
 * Selection of time in a column with mouse or pen, for those who may change shifts. The result goes
 * to `grid.props.onSelect({column, start, stop, el})`; what is selected stays drawn till the next press.
 *
 * @param {BoardGrid} grid
 */
export function useTimeSelect(grid) {
    const { store } = grid;
    let origin = null;
    let finished = 0;

    const minutesAt = (y) => {
        const { first, last } = store.state.picture;
        const el = grid.scrollRef.el.querySelector(".o_cb_body");
        const minutes = first + (y - el.getBoundingClientRect().top) / grid.ppm;
        return Math.min(last, Math.max(first, Math.round(minutes / SNAP) * SNAP));
    };
    const clear = () => {
        origin = null;
        store.state.selection = null;
    };

    useExternalListener(window, "pointermove", (ev) => {
        if (!origin || (!origin.moving && Math.abs(ev.clientY - origin.y) <= THRESHOLD)) {
            return;
        }
        origin.moving = true;
        const other = minutesAt(ev.clientY);
        const [start, stop] = [Math.min(origin.minutes, other), Math.max(origin.minutes, other)];
        store.state.selection = { key: origin.column.key, start, stop };
    });
    useExternalListener(window, "pointerup", () => {
        const { selection } = store.state;
        if (origin?.moving && selection && selection.stop > selection.start) {
            finished = Date.now();
            const { column } = origin;
            const { start, stop } = selection;
            origin = null;
            // a quick hand lets go before the selection is drawn: the column will do then
            const el =
                grid.scrollRef.el.querySelector(".o_cb_selection") ||
                grid.scrollRef.el.querySelector(`[data-column="${column.key}"]`);
            grid.props.onSelect({ column, start, stop, el });
        } else if (origin) {
            clear();
        }
    });
    useExternalListener(window, "pointercancel", clear);
    useExternalListener(window, "keydown", (ev) => {
        if (ev.key === "Escape") {
            clear();
        }
    });
    onWillUnmount(clear);

    return {
        start(ev) {
            clear();
            const { rights, carry } = store.state;
            const busy = ev.button !== 0 || ev.isPrimary === false || ev.pointerType === "touch";
            if (busy || carry || !rights.can_shift || !grid.props.onSelect) {
                return;
            }
            const hit = grid.hit(ev);
            if (!hit || hit.visit || hit.column.archived) {
                return;
            }
            origin = { column: hit.column, y: ev.clientY, minutes: minutesAt(ev.clientY), moving: false };
        },
        /** The selected stretch as it is drawn: {style, label}. */
        get box() {
            const { selection, picture } = grid.state;
            const index = selection ? grid.columns.findIndex((column) => column.key === selection.key) : -1;
            if (index < 0) {
                return null;
            }
            const top = (selection.start - picture.first) * grid.ppm;
            const height = Math.max(2, (selection.stop - selection.start) * grid.ppm);
            const style = `left:${index * grid.width}px;width:${grid.width}px;top:${top}px;height:${height}px`;
            return { style, label: `${clock(selection.start)}–${clock(selection.stop)}` };
        },
        /** The click that ends a selection is not a click. */
        justSelected: () => Date.now() - finished < 250,
    };
}
