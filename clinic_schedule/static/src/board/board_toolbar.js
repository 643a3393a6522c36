import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { MARKS, PAYERS, STATES } from "./board_marks";

/** Day, view, filters, legend and print above the grid. Writes only through the store. */
export class BoardToolbar extends Component {
    static template = "clinic_schedule.BoardToolbar";
    static components = { DateTimeInput, Dropdown, DropdownItem, SelectMenu };
    static props = { store: Object, onHelp: Function, onPrint: Function, onNotes: Function, onWalkIn: Function, operations: { type: Object, optional: true } };

    setup() {
        this.store = this.props.store;
        this.state = useState(this.store.state);
        this.kinds = [
            { value: "practitioner", label: _t("Doctors"), icon: "fa-user-md" },
            { value: "room", label: _t("Rooms"), icon: "fa-map-pin" },
            { value: "device", label: _t("Devices"), icon: "fa-plug" },
        ];
        this.legend = [
            ...Object.entries(STATES).map(([key, mark]) => ({ key, ...mark, state: true })),
            ...Object.entries({ ...MARKS, ...PAYERS }).map(([key, mark]) => ({ key, ...mark })),
        ];
    }

    /** External callers see names and times of a day and nothing to choose from. */
    get full() {
        return this.state.ready && this.state.rights.level === "full";
    }

    /** Open notes of the previous shift, one a line. */
    get notesTitle() {
        const lines = this.state.notes.map((note) => (note.about ? `${note.about}: ${note.text}` : note.text));
        return lines.join("\n") || _t("Notes for the next shift");
    }

    get date() {
        return this.store.luxonDate;
    }

    get weekday() {
        return this.date.toFormat("cccc");
    }

    onDate(date) {
        if (date && date.toISODate() !== this.state.date) {
            this.store.set({ date: date.toISODate() });
        }
    }

    choices(name) {
        return this.state.options[name].map((row) => ({ value: row.id, label: row.name }));
    }

    get resourceChoices() {
        return this.state.options.resources
            .filter((row) => row.kind === this.state.kind)
            .map((row) => ({ value: row.id, label: row.name }));
    }

    get resourcePlaceholder() {
        const { kind } = this.state;
        return {
            practitioner: _t("All doctors"),
            room: _t("All rooms"),
            device: _t("All devices"),
        }[kind];
    }

    setFilter(name, value) {
        this.store.set({ [name]: value || false });
    }

    get chosen() {
        const { focus, resource_id } = this.state;
        return resource_id || this.store.findColumn(focus?.key)?.resource_id || false;
    }

    setMode(mode) {
        // The day shows everybody again, the week the one that is chosen or focused.
        this.store.set(mode === "day" ? { mode, resource_id: false } : { mode, resource_id: this.chosen });
    }

    /** "3 / 20": where the shown one stands among those at work in the week. */
    get weekPlace() {
        const place = this.state.week.findIndex((row) => row.id === this.state.resource_id);
        return place < 0 ? "" : `${place + 1} / ${this.state.week.length}`;
    }

    toggleLegend() {
        this.state.legend = !this.state.legend;
        this.store.remember();
    }

    get countText() {
        return _t("%s columns", this.state.picture.columns.length);
    }

    get hasFilters() {
        const { mode, role, specialty_id, service_id, resource_id } = this.state;
        return role || specialty_id || service_id || (mode === "day" && resource_id);
    }

    /** A week goes on showing whom it shows. */
    clearFilters() {
        const { mode, resource_id } = this.state;
        this.store.set({ role: false, specialty_id: false, service_id: false, resource_id: mode === "week" && resource_id });
    }
}
