import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { refusalText } from "../board/board_errors";

const toHour = (text) => {
    const [hours, minutes] = text.split(":").map(Number);
    return hours + minutes / 60;
};

const tomorrow = (date) => luxon.DateTime.fromISO(date).plus({ days: 1 }).toISODate();

/** A doctor asks to be away: a break, an earlier end, days off. */
export class AbsenceDialog extends Component {
    static template = "clinic_schedule.AbsenceDialog";
    static components = { Dialog };
    static props = { orm: Object, date: String, kinds: Array, shifts: Array, now: { type: [String, { value: false }] }, onAsked: Function, close: Function };

    setup() {
        const { date, shifts, now } = this.props;
        // of today only what is left of it
        const last = shifts.at(-1);
        const over = Boolean(now && last && last.stop_clock <= now && last.start_clock < last.stop_clock);
        const from = now && last && last.start_clock < now && !over ? now : last?.start_clock;
        this.state = useState({
            vals: {
                kind: "other",
                date_from: over ? tomorrow(date) : date,
                date_to: over ? tomorrow(date) : date,
                whole_days: !last || over,
                from: from || "09:00",
                to: last ? last.stop_clock : "18:00",
                reason: "",
            },
            preview: null,
            error: "",
            saving: false,
        });
        this.look();
    }

    get asked() {
        const { kind, date_from, date_to, whole_days, from, to, reason } = this.state.vals;
        const hours = whole_days || !from || !to ? {} : { hour_from: toHour(from), hour_to: toHour(to) };
        // a shift that ends after midnight: hours that run backwards end on the following day
        const end = from && to && to <= from ? tomorrow(date_from) : date_from;
        return { kind, date_from, date_to: whole_days ? date_to : end, whole_days, reason, ...hours };
    }

    /** What the preview depends on: all but the reason, which is still being typed. */
    get mark() {
        return JSON.stringify({ ...this.asked, reason: "" });
    }

    /** Say at once what asking for this would do. */
    async look() {
        this.state.error = "";
        this.state.preview = null;
        const asked = this.mark;
        try {
            const preview = await this.props.orm.silent.call("clinic.my.day", "preview_absence", [this.asked]);
            if (asked === this.mark) {
                this.state.preview = preview;
            }
        } catch (error) {
            this.state.error = refusalText(error);
        }
    }

    async send() {
        if (this.state.saving) {
            return;
        }
        this.state.saving = true;
        try {
            this.props.onAsked(await this.props.orm.call("clinic.my.day", "ask_absence", [this.asked]));
            this.props.close();
        } catch (error) {
            this.state.error = refusalText(error);
        } finally {
            this.state.saving = false;
        }
    }
}
