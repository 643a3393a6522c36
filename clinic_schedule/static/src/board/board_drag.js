import { onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { OPEN_STATES } from "./board_model";

const THRESHOLD = 5;
const EDGE = 48;

/**
 * Drag of a visit with mouse or pen. Nothing is written while dragging; the drop goes
 * to `grid.props.onDrop(visit, target)`. Escape gives up.
 *
 * @param {BoardGrid} grid
 */
export function useVisitDrag(grid) {
    const state = useState({ visitId: false, target: null, duration: 0, label: "" });
    let origin = null;
    let dropped = 0;
    let scroller = null;

    const clear = () => {
        origin = null;
        browser.cancelAnimationFrame(scroller);
        Object.assign(state, { visitId: false, target: null });
    };

    /** Scroll while the pointer rests at an edge of the grid. */
    const edgeScroll = () => {
        const el = grid.scrollRef.el;
        if (!origin?.moving || !el) {
            return;
        }
        const box = el.getBoundingClientRect();
        const push = (position, low, high) =>
            position < low + EDGE ? -12 : position > high - EDGE ? 12 : 0;
        el.scrollLeft += push(origin.x, box.left + 56, box.right);
        el.scrollTop += push(origin.y, box.top + 62, box.bottom);
        state.target = grid.targetAt(origin);
        scroller = browser.requestAnimationFrame(edgeScroll);
    };

    useExternalListener(window, "pointermove", (ev) => {
        if (!origin) {
            return;
        }
        Object.assign(origin, { x: ev.clientX, y: ev.clientY, exact: ev.altKey });
        if (!origin.moving) {
            const far = Math.hypot(ev.clientX - origin.x0, ev.clientY - origin.y0) > THRESHOLD;
            if (!far) {
                return;
            }
            origin.moving = true;
            const { visit } = origin;
            Object.assign(state, {
                visitId: visit.id,
                duration: visit.stop - visit.start,
                label: visit.label,
            });
            scroller = browser.requestAnimationFrame(edgeScroll);
        }
        state.target = grid.targetAt(origin);
    });

    useExternalListener(window, "pointerup", () => {
        if (origin?.moving) {
            const { visit } = origin;
            const target = state.target;
            dropped = Date.now();
            clear();
            if (target) {
                grid.props.onDrop(visit, target);
            }
        } else {
            clear();
        }
    });

    useExternalListener(window, "pointercancel", clear);
    useExternalListener(
        window,
        "keydown",
        (ev) => {
            if (ev.key === "Escape" && origin?.moving) {
                ev.stopPropagation();
                clear();
            }
        },
        { capture: true }
    );
    onWillUnmount(clear);

    return {
        state,
        start(ev) {
            if (ev.button !== 0 || ev.pointerType === "touch" || !grid.store.state.rights.can_book) {
                return;
            }
            const hit = grid.hit(ev);
            if (!hit?.visit || !OPEN_STATES.includes(hit.visit.state)) {
                return;
            }
            const top = hit.el.getBoundingClientRect().top;
            origin = {
                visit: hit.visit,
                x0: ev.clientX,
                y0: ev.clientY,
                grabbed: (ev.clientY - top) / grid.ppm,
                moving: false,
            };
        },
        /** The click that ends a drag is not a click. */
        justDropped: () => Date.now() - dropped < 250,
    };
}
