import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { marksOf, STATES } from "./board_marks";

/**
 * One column: a doctor, room or device on one day. Draws plain elements and listens to
 * nothing: the grid handles every event by delegation (data-visit, data-free).
 */
export class BoardColumn extends Component {
    static template = "clinic_schedule.BoardColumn";
    static props = {
        column: Object,
        left: Number,
        width: Number,
        ppm: Number,
        first: Number,
        canBook: Boolean,
        focusType: { type: [String, Boolean] },
        focusId: { type: [Number, Boolean] },
        faded: { type: [Number, Boolean] },
        blocked: Boolean,
    };

    get column() {
        return this.props.column;
    }

    box(start, stop) {
        const { ppm, first } = this.props;
        const top = Math.round((start - first) * ppm);
        const height = Math.max(2, Math.round((stop - first) * ppm) - top);
        return `top:${top}px;height:${height}px`;
    }

    /** With the distance of the lines, and where in the shift its first full hour is. */
    shiftStyle(shift) {
        const { ppm } = this.props;
        const step = Math.max(5, shift.step || 15) * ppm;
        const hour = ((60 - (shift.start % 60)) % 60) * ppm;
        return `${this.box(shift.start, shift.stop)};--cb-step:${step}px;--cb-first-hour:${hour}px`;
    }

    visitStyle(visit) {
        const width = 100 / visit.lanes;
        return `${this.box(visit.start, visit.stop)};left:${visit.lane * width}%;width:${width}%`;
    }

    visitHeight(visit) {
        return (visit.stop - visit.start) * this.props.ppm;
    }

    isTall(visit) {
        return this.visitHeight(visit) >= 34;
    }

    visitClass(visit) {
        const height = this.visitHeight(visit);
        return {
            [`o_cb_s_${visit.state || "busy"}`]: true,
            o_cb_over: Boolean(visit.overbooked),
            o_cb_tiny: height < 17,
            o_cb_tall: this.isTall(visit),
            o_cb_focus: this.props.focusType === "visit" && this.props.focusId === visit.id,
            o_cb_faded: this.props.faded === visit.id,
        };
    }

    freeClass(free) {
        const height = (free.drawn - free.at) * this.props.ppm;
        return {
            o_cb_dense: height < 14 && free.at % 15 !== 0,
            o_cb_low: height < 14,
            o_cb_cheap: Boolean(free.cheap),
            o_cb_focus: this.props.focusType === "free" && this.props.focusId === free.at,
        };
    }

    /** A visit of one line has room for the most urgent mark only. */
    marks(visit) {
        const marks = marksOf(visit);
        return this.isTall(visit) ? marks : marks.slice(0, 1);
    }

    stateOf(visit) {
        return STATES[visit.state];
    }

    visitLabel(visit) {
        // Begins with what is seen, so that voice control finds it.
        const seen = [visit.time, visit.label || _t("Busy"), visit.service];
        const words = [
            seen.filter(Boolean).join(" "),
            `${visit.time}–${visit.timeStop}`,
            visit.name,
            STATES[visit.state]?.label,
            ...marksOf(visit).map((mark) => mark.label),
        ];
        return words.filter(Boolean).join(", ");
    }

    freeLabel(free) {
        const label = _t("Free at %(time)s, %(name)s", { time: free.label, name: this.column.name });
        return free.cheap ? `${label}, ${free.cheap}` : label;
    }
}
