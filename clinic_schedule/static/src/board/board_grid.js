import { Component, onMounted, onPatched, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useThrottleForAnimation } from "@web/core/utils/timing";
import { BoardColumn } from "./board_column";
import { clock, columnWidth, dropTarget, shiftAt, snapMinutes, visibleRange, ZOOMS } from "./board_model";
import { useVisitDrag } from "./board_drag";
import { useTimeSelect } from "../operations/time_select";
import { readColumnKey } from "./board_layout";

/** Widths and heights that the stylesheet shares ($cb-time-width, $cb-head-height). */
export const TIME_WIDTH = 56;
export const HEAD_HEIGHT = 62;

/**
 * The scrolling part: sticky heads and hours, columns drawn only where they are seen.
 *
 * Every click, right click and drag comes here by delegation and leaves as a call of
 * `onVisit`, `onFree`, `onMenu`, `onDrop`, `onHead`.
 */
export class BoardGrid extends Component {
    static template = "clinic_schedule.BoardGrid";
    static components = { BoardColumn };
    static props = {
        store: Object,
        onVisit: Function,
        onFree: Function,
        onMenu: Function,
        onDrop: Function,
        onHead: Function,
        onSelect: { type: Function, optional: true },
    };

    setup() {
        this.store = this.props.store;
        this.state = useState(this.store.state);
        this.view = useState({ range: [0, 12], viewport: 1200 });
        this.scrollRef = useRef("scroll");
        this.onScroll = useThrottleForAnimation(() => this.measure());
        useExternalListener(window, "resize", this.onScroll);
        this.drag = useVisitDrag(this);
        this.select = useTimeSelect(this);
        onMounted(() => {
            this.observer = new ResizeObserver(() => this.measure());
            this.observer.observe(this.scrollRef.el);
            this.measure();
            this.scrollToNow();
        });
        onPatched(() => this.afterPatch());
        onWillUnmount(() => this.observer.disconnect());
    }

    // --------------------------------------------------------------- geometry

    get columns() {
        return this.state.picture.columns;
    }

    get ppm() {
        return ZOOMS[this.state.zoom];
    }

    get width() {
        return columnWidth(this.view.viewport, this.columns.length);
    }

    get geometry() {
        return { width: this.width, ppm: this.ppm, first: this.state.picture.first };
    }

    get height() {
        const { first, last } = this.state.picture;
        return (last - first) * this.ppm;
    }

    get canvasStyle() {
        const full = this.columns.length * this.width;
        return `grid-template-columns:${TIME_WIDTH}px ${full}px;grid-template-rows:${HEAD_HEIGHT}px ${this.height}px`;
    }

    get bodyStyle() {
        return `--cb-hour:${60 * this.ppm}px;--cb-col:${this.width}px`;
    }

    get hours() {
        const { first, last } = this.state.picture;
        const hours = [];
        for (let minute = first; minute < last; minute += 60) {
            hours.push({ minute, top: (minute - first) * this.ppm, label: clock(minute) });
        }
        return hours;
    }

    /** The clock beside the hours, when all columns live in one zone. */
    get nowMark() {
        const zones = new Set(this.columns.map((column) => column.tz));
        const today = this.columns.find((column) => column.nowMinutes !== null);
        const { first, last } = this.state.picture;
        if (!today || zones.size > 1 || today.nowMinutes < first || today.nowMinutes > last) {
            return null;
        }
        return {
            top: (today.nowMinutes - first) * this.ppm,
            label: clock(today.nowMinutes),
        };
    }

    get drawn() {
        const [from, to] = this.view.range;
        const focus = this.state.focus;
        return this.columns.slice(from, to).map((column, offset) => ({
            column,
            blocked: Boolean(this.faded && this.store.isBlocked(column)),
            left: (from + offset) * this.width,
            focusType: focus?.key === column.key ? focus.type : false,
            focusId: focus?.key === column.key ? focus.id : false,
        }));
    }

    /** Rooms, devices and branches have no face and no initials. */
    partIcon(column) {
        return { room: "fa-map-pin", device: "fa-plug", branch: "fa-building-o" }[column.kind];
    }

    /** "12 visits · 3 free" under the day of a week. */
    headCounts(column) {
        return _t("%(visits)s booked · %(free)s free", {
            visits: column.visits.length,
            free: column.free.length,
        });
    }

    headTitle(column) {
        const words = [column.name, column.subtitle, column.room, column.branch];
        if (column.archived) {
            words.splice(1, 0, _t("In the archive: takes no new visits"));
        }
        return words.filter(Boolean).join(" · ");
    }

    get faded() {
        return this.state.pending?.visitId || this.drag.state.visitId || this.state.carry?.visit.id || false;
    }

    /** The dragged or just dropped visit where it would land. */
    get ghost() {
        const ghost = this.drag.state.target ? this.drag.state : this.state.pending;
        if (!ghost?.target) {
            return null;
        }
        const { column, minutes } = ghost.target;
        const index = this.columns.findIndex((other) => other.key === column.key);
        if (index < 0) {
            return null;
        }
        const top = (minutes - this.state.picture.first) * this.ppm;
        const refused = Boolean(this.drag.state.target && this.store.isBlocked(column));
        const style = `left:${index * this.width}px;width:${this.width}px;top:${top}px;height:${ghost.duration * this.ppm}px`;
        return { style, refused, label: `${clock(minutes)} ${ghost.label}` };
    }

    measure() {
        const el = this.scrollRef.el;
        if (!el) {
            return;
        }
        const viewport = el.clientWidth - TIME_WIDTH;
        const width = columnWidth(viewport, this.columns.length);
        const range = visibleRange(el.scrollLeft, viewport, width, this.columns.length);
        if (viewport !== this.view.viewport) {
            this.view.viewport = viewport;
        }
        if (range[0] !== this.view.range[0] || range[1] !== this.view.range[1]) {
            this.view.range = range;
        }
    }

    afterPatch() {
        if (this.lastPicture !== this.state.picture) {
            const firstPicture = !this.lastPicture?.columns.length;
            this.lastPicture = this.state.picture;
            this.measure();
            if (firstPicture) {
                this.scrollToNow();
            }
        }
        if (this.lastFocus !== this.state.focus) {
            this.lastFocus = this.state.focus;
            this.revealFocus();
        }
    }

    scrollToNow() {
        const mark = this.nowMark;
        const el = this.scrollRef.el;
        if (mark && el) {
            el.scrollTop = Math.max(0, mark.top - el.clientHeight / 3);
        }
    }

    revealFocus() {
        const focus = this.state.focus;
        const el = this.scrollRef.el;
        const index = focus ? this.columns.findIndex((column) => column.key === focus.key) : -1;
        if (index < 0) {
            return;
        }
        const left = index * this.width;
        const seen = el.clientWidth - TIME_WIDTH;
        if (left < el.scrollLeft) {
            el.scrollLeft = left;
        } else if (left + this.width > el.scrollLeft + seen) {
            el.scrollLeft = left + this.width - seen;
        }
        const start = focus.type === "free" ? focus.id : this.store.findVisit(focus.id)?.visit.start;
        const top = (start - this.state.picture.first) * this.ppm;
        const tall = el.clientHeight - HEAD_HEIGHT;
        if (top < el.scrollTop) {
            el.scrollTop = top;
        } else if (top + 30 > el.scrollTop + tall) {
            el.scrollTop = top + 60 - tall;
        }
    }

    // ----------------------------------------------------------------- events

    /** What is under an event: {column, visit} or {column, minutes, shift, exact}. */
    hit(ev) {
        const cell = ev.target.closest?.("[data-column]");
        if (!cell) {
            return null;
        }
        const column = this.store.findColumn(cell.dataset.column);
        if (!column) {
            return null;
        }
        const visitEl = ev.target.closest("[data-visit]");
        if (visitEl) {
            const visit = column.visits.find((row) => row.id === Number(visitEl.dataset.visit));
            return { column, visit, el: visitEl };
        }
        const freeEl = ev.target.closest("[data-free]");
        if (freeEl) {
            const minutes = Number(freeEl.dataset.free);
            return { column, minutes, shift: shiftAt(column, minutes), exact: true, el: freeEl };
        }
        const y = ev.clientY - cell.getBoundingClientRect().top;
        const minutes = snapMinutes(column, this.state.picture.first + y / this.ppm, 0);
        return { column, minutes, shift: shiftAt(column, minutes), exact: false, el: cell };
    }

    onClick(ev) {
        if (this.drag.justDropped() || this.select.justSelected()) {
            return;
        }
        const head = ev.target.closest("[data-head]");
        if (head) {
            // the head may be of a picture that is just being replaced: its key says what it means
            this.props.onHead(readColumnKey(head.dataset.head));
            return;
        }
        const hit = this.hit(ev);
        if (!hit) {
            return;
        }
        if (hit.visit) {
            this.state.focus = { key: hit.column.key, type: "visit", id: hit.visit.id };
            this.props.onVisit(hit);
        } else if (hit.exact || hit.shift) {
            this.props.onFree(hit);
        }
    }

    onContextMenu(ev) {
        if (this.drag.isTouching()) {
            ev.preventDefault();
            return;
        }
        const hit = this.hit(ev);
        if (hit && (hit.visit || hit.shift)) {
            ev.preventDefault();
            this.props.onMenu(hit);
        }
    }

    onPointerDown(ev) {
        this.drag.start(ev);
        this.select.start(ev);
    }

    /** For the drag: the target under the pointer, `grabbed` minutes below the visit's top; `exact` with Alt. */
    targetAt({ x: clientX, y: clientY, grabbed, exact }) {
        const el = this.scrollRef.el;
        const box = el.getBoundingClientRect();
        const x = clientX - box.left + el.scrollLeft - TIME_WIDTH;
        const y = clientY - box.top + el.scrollTop - HEAD_HEIGHT - grabbed * this.ppm;
        return dropTarget(this.columns, this.geometry, x, y, exact);
    }

    /** Element of a visit, if it is drawn now. */
    visitElement(id) {
        return this.scrollRef.el.querySelector(`[data-visit="${id}"]`);
    }
}
