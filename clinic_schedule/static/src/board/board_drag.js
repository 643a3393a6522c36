import { onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { OPEN_STATES } from "./board_model";

const THRESHOLD = 5;
const EDGE = 48;
/** A finger that rests this long on a visit lifts it; before, it scrolls. */
export const LONG_PRESS = 450;

/**
 * Drag of a visit with mouse or pen, or with a finger after a long press. Nothing is written
 * while dragging; the drop goes to `grid.props.onDrop(visit, target)`. Escape gives up.
 *
 * @param {BoardGrid} grid
 */
export function useVisitDrag(grid) {
    const state = useState({ visitId: false, target: null, duration: 0, label: "" });
    let origin = null;
    let dropped = 0;
    let scroller = null;
    let presser = null;

    const clear = () => {
        origin = null;
        browser.cancelAnimationFrame(scroller);
        browser.clearTimeout(presser);
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

    const lift = () => {
        origin.moving = true;
        const { visit } = origin;
        Object.assign(state, {
            visitId: visit.id,
            duration: visit.stop - visit.start,
            label: visit.label,
        });
        grid.store.lift(visit);
        scroller = browser.requestAnimationFrame(edgeScroll);
    };

    const isFar = (ev) => Math.hypot(ev.clientX - origin.x0, ev.clientY - origin.y0) > THRESHOLD;

    useExternalListener(window, "pointermove", (ev) => {
        if (!origin) {
            return;
        }
        if (!origin.moving && isFar(ev)) {
            if (origin.touch) {
                clear(); // the finger scrolls
                return;
            }
            lift();
        }
        Object.assign(origin, { x: ev.clientX, y: ev.clientY, exact: ev.altKey });
        if (origin.moving) {
            state.target = grid.targetAt(origin);
        }
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
    // A lifted visit must not scroll the page; browsers listen only to listeners that are not passive.
    useExternalListener(
        window,
        "touchmove",
        (ev) => {
            if (origin?.moving && ev.cancelable) {
                ev.preventDefault();
            }
        },
        { passive: false }
    );
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
            clear();
            dropped = 0; // a new press: the click that follows is its own
            if (ev.button !== 0 || ev.isPrimary === false || !grid.store.state.rights.can_book) {
                return;
            }
            const hit = grid.hit(ev);
            if (!hit?.visit || !OPEN_STATES.includes(hit.visit.state)) {
                return;
            }
            const top = hit.el.getBoundingClientRect().top;
            const touch = ev.pointerType === "touch";
            origin = {
                visit: hit.visit,
                touch,
                x: ev.clientX,
                y: ev.clientY,
                x0: ev.clientX,
                y0: ev.clientY,
                grabbed: (ev.clientY - top) / grid.ppm,
                moving: false,
            };
            if (touch) {
                presser = browser.setTimeout(() => {
                    browser.navigator?.vibrate?.(15);
                    lift();
                    state.target = grid.targetAt(origin);
                }, LONG_PRESS);
            }
        },
        /** A finger on a visit: the long press lifts and does not open the menu. */
        isTouching: () => Boolean(origin?.touch),
        /** The click that ends a drag is not a click. */
        justDropped: () => Date.now() - dropped < 250,
    };
}
