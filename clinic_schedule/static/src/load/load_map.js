import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;

/** Weekdays by hours: how full doctors, rooms or devices are; each cell opens what stands behind it. */
export class LoadMapAction extends Component {
    static template = "clinic_schedule.LoadMap";
    static components = { DateTimeInput };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        this.params = { ...this.props.state?.params };
        this.env.config?.setDisplayName?.(_t("Load by hours"));
        this.kinds = [
            ["practitioner", _t("Doctors")],
            ["room", _t("Rooms")],
            ["device", _t("Devices")],
        ];
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("clinic.load.map", "load", [this.params]);
    }

    set(values) {
        Object.assign(this.params, values);
        return this.load();
    }

    setKind(kind) {
        return this.set({ kind, resource_id: false });
    }

    /** Four weeks before or after today, or those next to the shown ones. */
    setWeeks(ahead) {
        const first = ahead ? DateTime.now() : DateTime.now().minus({ days: 27 });
        return this.set({ date_from: first.toISODate(), date_to: first.plus({ days: 27 }).toISODate() });
    }

    step(direction) {
        const { date_from, date_to } = this.state.data;
        const days = (DateTime.fromISO(date_to).diff(DateTime.fromISO(date_from), "days").days + 1) * direction;
        const moved = (day) => DateTime.fromISO(day).plus({ days }).toISODate();
        return this.set({ date_from: moved(date_from), date_to: moved(date_to) });
    }

    luxonDate(name) {
        return DateTime.fromISO(this.state.data[name]);
    }

    onDate(name, date) {
        if (date) {
            const day = date.toISODate();
            const { date_from, date_to } = this.state.data;
            const other = name === "date_from" ? { date_to: day > date_to ? day : date_to } : { date_from: day < date_from ? day : date_from };
            this.set({ ...other, [name]: day });
        }
    }

    get kind() {
        return this.kinds.find(([key]) => key === this.state.data.kind)[1];
    }

    get shownName() {
        const { resource_id, rows } = this.state.data;
        return rows.find((row) => row.id === resource_id)?.name;
    }

    get periodText() {
        const { date_from, date_to } = this.state.data;
        const text = (day) => DateTime.fromISO(day).toFormat("dd.MM.yyyy");
        return `${text(date_from)} – ${text(date_to)}`;
    }

    /** Whose load, when, how much time stands behind it. */
    get totalText() {
        const { total } = this.state.data;
        const words = [this.shownName, this.periodText, this.sumText(total)];
        return words.filter(Boolean).join(", ");
    }

    sumText({ capacity, booked, held, downtime }) {
        const words = [_t("open %(open)s h, taken %(taken)s h", { open: this.hoursText(capacity), taken: this.hoursText(booked + held) })];
        if (downtime) {
            words.push(_t("absent or closed %(hours)s h", { hours: this.hoursText(downtime) }));
        }
        return words.join(", ");
    }

    weekdayName(weekday, length = "ccc") {
        return DateTime.fromObject({ weekYear: 2026, weekNumber: 2, weekday: Number(weekday) + 1 }).toFormat(length);
    }

    cell(weekday, hour) {
        this.byKey = this.keyed === this.state.data ? this.byKey : this.index();
        return this.byKey[`${weekday} ${hour}`];
    }

    index() {
        this.keyed = this.state.data;
        return Object.fromEntries(this.state.data.cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell]));
    }

    percent(value) {
        return value === null ? "–" : `${Math.round(value)} %`;
    }

    hoursText(value) {
        return value.toLocaleString(undefined, { maximumFractionDigits: 1 });
    }

    /** Shade of a cell; the number says the same in words. */
    shade(load) {
        const step = load === null ? "none" : Math.min(Math.floor(Math.round(load) / 20), 4);
        return `o_lm_${step}`;
    }

    cellTitle(weekday, hour, cell) {
        return `${this.weekdayName(weekday, "cccc")}, ${hour}: ${this.sumText(cell)}`;
    }

    domain() {
        const { kind, date_from, date_to, branch_id, resource_id } = this.state.data;
        const domain = [["kind", "=", kind], ["day", ">=", date_from], ["day", "<=", date_to]];
        if (branch_id) {
            domain.push(["branch_id", "=", branch_id]);
        }
        if (resource_id) {
            domain.push(["resource_id", "=", resource_id]);
        }
        return domain;
    }

    openCell(weekday, hour) {
        const name = _t("Load: %(weekday)s, %(hour)s", { weekday: this.weekdayName(weekday, "cccc"), hour });
        return this.openReport([...this.domain(), ["weekday", "=", weekday], ["hour", "=", hour]], name, { pivot_column_groupby: ["day:day"] });
    }

    openReport(domain, name, context = {}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "clinic.load.report",
            views: [[false, "pivot"], [false, "list"], [false, "graph"]],
            domain,
            context: { pivot_row_groupby: ["resource_id"], ...context },
        });
    }

    openAll() {
        return this.openReport(this.domain(), _t("Load"));
    }

    /** Arrow keys go from cell to cell. */
    onKey(ev) {
        const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
        const step = steps[ev.key];
        const cell = ev.target.closest("td");
        if (!step || !cell) {
            return;
        }
        ev.preventDefault();
        const rows = [...ev.currentTarget.querySelectorAll("tbody tr")];
        let row = rows.indexOf(cell.parentElement);
        let column = cell.cellIndex;
        for (;;) {
            row += step[0];
            column += step[1];
            const next = rows[row]?.cells[column];
            if (!next || column < 1) {
                return;
            }
            const button = next.querySelector("button");
            if (button) {
                button.focus();
                return;
            }
        }
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("clinic_schedule.load_map", LoadMapAction);
