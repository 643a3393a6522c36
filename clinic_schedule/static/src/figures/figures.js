import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;

/** Shares and medians of booking against the period before, and by branch. */
export class FiguresAction extends Component {
    static template = "clinic_schedule.Figures";
    static components = { DateTimeInput };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, days: 28 });
        this.params = {};
        this.env.config?.setDisplayName?.(_t("Figures"));
        this.periods = [
            [7, _t("7 days")],
            [28, _t("4 weeks")],
            [91, _t("13 weeks")],
        ];
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("clinic.figures", "load", [this.params]);
    }

    set(values) {
        Object.assign(this.params, values);
        return this.load();
    }

    setDays(days) {
        this.state.days = days;
        const now = DateTime.now();
        return this.set({ date_from: now.minus({ days: days - 1 }).toISODate(), date_to: now.toISODate() });
    }

    luxonDate(name) {
        return DateTime.fromISO(this.state.data[name]);
    }

    onDate(name, date) {
        if (date) {
            const day = date.toISODate();
            const { date_from, date_to } = this.state.data;
            this.state.days = false;
            const other = name === "date_from" ? { date_to: day > date_to ? day : date_to } : { date_from: day < date_from ? day : date_from };
            this.set({ ...other, [name]: day });
        }
    }

    periodText(from, to) {
        const text = (day) => DateTime.fromISO(day).toFormat("dd.MM.yyyy");
        return `${text(this.state.data[from])} – ${text(this.state.data[to])}`;
    }

    get comparison() {
        return _t("%(period)s, against %(previous)s", {
            period: this.periodText("date_from", "date_to"),
            previous: this.periodText("previous_from", "previous_to"),
        });
    }

    number(value) {
        return value.toLocaleString(undefined, { maximumFractionDigits: 1 });
    }

    value(figure, value) {
        if (value === null || value === undefined) {
            return "–";
        }
        const text = this.number(value);
        return { percent: () => `${text} %`, minutes: () => this.minutes(value), days: () => _t("%s d", text) }[figure.unit]?.() || text;
    }

    /** Long waits in hours. */
    minutes(value) {
        return value >= 120 ? _t("%s h", this.number(value / 60)) : _t("%s min", this.number(value));
    }

    /** "12 of 240", or how many a median was taken of. */
    baseText(figure) {
        if (figure.unit === "count" || figure.base === null || figure.base === undefined) {
            return "";
        }
        if (figure.unit === "percent") {
            return figure.base ? _t("%(count)s of %(base)s", { count: this.number(figure.count || 0), base: this.number(figure.base) }) : "";
        }
        return figure.base ? _t("of %s", this.number(figure.base)) : "";
    }

    /** -1, 0 or 1: has it become worse, stayed or become better; null when that cannot be said. */
    change(figure) {
        const { value, previous, better } = figure;
        if (!better || typeof value !== "number" || typeof previous !== "number" || value === previous) {
            return typeof previous === "number" && value === previous ? 0 : null;
        }
        return value > previous === (better === "up") ? 1 : -1;
    }

    changeText(figure) {
        if (typeof figure.previous !== "number") {
            return _t("nothing to compare with");
        }
        const was = this.wasText(figure, figure);
        const words = { "-1": _t("worse"), 0: _t("unchanged"), 1: _t("better") }[this.change(figure)];
        return words ? `${words}, ${was}` : was;
    }

    /** What it was in the period before: of all, or of a branch. */
    wasText(figure, { previous }) {
        return typeof previous === "number" ? _t("was %s", this.value(figure, previous)) : "";
    }

    changeIcon(figure) {
        const { value, previous } = figure;
        if (typeof value !== "number" || typeof previous !== "number" || value === previous) {
            return "";
        }
        return value > previous ? "fa-arrow-up" : "fa-arrow-down";
    }

    branchFigure(figure, branch) {
        return figure.branches.find((one) => one.id === branch.id) || {};
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("clinic_schedule.figures", FiguresAction);
