import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;
const LANE = 30;

const clock = (minutes) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Rooms by hours of a day, or by days of a week: who sits where, what is free, what is planned twice. */
export class RoomGridAction extends Component {
    static template = "clinic_schedule.RoomGrid";
    static components = { DateTimeInput };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.state = useState({ data: null, date: false, branch_id: false, mode: "day", onlyFree: false });
        this.env.config?.setDisplayName?.(_t("Rooms by hours"));
        const heard = ({ branch_id, dates, appointment_id }) => {
            const { data } = this.state;
            if (!appointment_id && branch_id === data?.branch_id && dates.some((day) => data.dates.includes(day))) {
                this.load();
            }
        };
        this.bus.subscribe("clinic_schedule/changed", heard);
        onWillUnmount(() => this.bus.unsubscribe("clinic_schedule/changed", heard));
        onWillStart(() => this.load());
    }

    async load() {
        const { date, branch_id, mode } = this.state;
        const data = await this.orm.call("clinic.room.grid", "load", [{ date, branch_id, mode }]);
        Object.assign(this.state, { data, date: data.date, branch_id: data.branch_id });
    }

    set(values) {
        Object.assign(this.state, values);
        return this.load();
    }

    get luxonDate() {
        return DateTime.fromISO(this.state.date);
    }

    onDate(date) {
        if (date) {
            this.set({ date: date.toISODate() });
        }
    }

    step(direction) {
        const unit = this.state.mode === "week" ? "weeks" : "days";
        return this.set({ date: this.luxonDate.plus({ [unit]: direction }).toISODate() });
    }

    get hours() {
        const { first, last } = this.state.data;
        const hours = [];
        for (let minute = first; minute < last; minute += 60) {
            hours.push({ minute, label: clock(minute), style: `left:${this.percent(minute)}%` });
        }
        return hours;
    }

    percent(minute) {
        const { first, last } = this.state.data;
        return ((minute - first) / (last - first)) * 100;
    }

    box(item) {
        const left = this.percent(item.start);
        return `left:${left}%;width:${this.percent(item.stop) - left}%`;
    }

    barStyle(bar) {
        return `${this.box(bar)};top:${bar.lane * LANE + 2}px;height:${LANE - 4}px`;
    }

    rowStyle(day) {
        return `height:${day.lanes * LANE}px`;
    }

    times(item) {
        return `${clock(item.start)}–${clock(item.stop)}`;
    }

    barTitle(bar) {
        const words = [`${this.times(bar)} ${bar.who}`];
        if (bar.double) {
            words.push(_t("the room is planned twice"));
        }
        return words.join(", ");
    }

    /** "8:00–9:00, 15:00–20:00", or that the room is free all day. */
    freeText(day) {
        if (!day.bars.length && !day.closed.length) {
            return _t("free all day");
        }
        return day.free.filter((gap) => gap.stop - gap.start >= 30).map((gap) => this.times(gap)).join(", ") || "–";
    }

    get rooms() {
        const { rooms } = this.state.data;
        return this.state.onlyFree ? rooms.filter((room) => room.days.some((day) => !day.bars.length)) : rooms;
    }

    get doubles() {
        return this.state.data.rooms.filter((room) => room.days.some((day) => day.double)).map((room) => room.name);
    }

    dayLabel(date) {
        return DateTime.fromISO(date).toFormat("ccc d.MM");
    }

    openShift(id) {
        return this.action.doAction(
            { type: "ir.actions.act_window", name: _t("Shift"), res_model: "clinic.shift", res_id: id, views: [[false, "form"]], target: "new" },
            { onClose: () => this.load() }
        );
    }
}

registry.category("actions").add("clinic_schedule.room_grid", RoomGridAction);
