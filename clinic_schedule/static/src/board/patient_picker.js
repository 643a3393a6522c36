import { Component, useRef, useState, onMounted } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { splitQuery } from "./board_model";
import { refusalText } from "./board_errors";
import { PatientFlags } from "./patient_flags";

/**
 * Choose a patient from one box, or make a provisional card from a surname and a phone.
 *
 * `onSelect` gets {id, name, details, phone, family_name, alert, flags}.
 */
export class PatientPicker extends Component {
    static template = "clinic_schedule.PatientPicker";
    static components = { AutoComplete, PatientFlags };
    static props = {
        store: Object,
        value: { type: [Object, { value: null }] },
        onSelect: Function,
        autofocus: { type: Boolean, optional: true },
        /** Where a relative's card starts from: {family_name, phone}. */
        relative: { type: [Object, { value: null }], optional: true },
        inputId: String,
    };

    setup() {
        this.state = useState({ quick: null, found: [], error: "", saving: false });
        this.rootRef = useRef("root");
        onMounted(() => {
            if (this.props.autofocus && !this.props.value) {
                this.rootRef.el.querySelector("input")?.focus();
            }
        });
    }

    get sources() {
        return [{ options: (query) => this.search(query), optionSlot: "patient" }];
    }

    async search(query) {
        if (query.length < 2) {
            return [];
        }
        const rows = await this.props.store.orm.silent.call("clinic.board", "search_patients", [query]);
        const options = rows.map((row) => ({
            label: row.name,
            data: row,
            onSelect: () => this.props.onSelect(row),
        }));
        if (this.props.store.state.rights.can_create_patient) {
            options.push({
                label: _t("New patient: %s", query),
                data: { create: true },
                cssClass: "o_cb_patient_new",
                onSelect: () => this.startQuick(query),
            });
        }
        return options;
    }

    startQuick(query = "") {
        const { relative } = this.props;
        const parts = splitQuery(query);
        this.state.quick = {
            birth_date: "",
            ...parts,
            family_name: parts.family_name || relative?.family_name || "",
            phone: parts.phone || relative?.phone || "",
        };
        Object.assign(this.state, { found: [], error: "" });
    }

    stopQuick() {
        this.state.quick = null;
    }

    onQuickInput(name, ev) {
        this.state.quick[name] = ev.target.value;
    }

    onQuickKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.createQuick();
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            this.stopQuick();
        }
    }

    select(row) {
        this.state.quick = null;
        this.props.onSelect(row);
    }

    /** Cards with this phone are shown first; a second press makes the card all the same. */
    async createQuick() {
        const { quick } = this.state;
        if (!quick.family_name.trim() || !quick.phone.trim()) {
            this.state.error = _t("A surname and a phone are needed.");
            return;
        }
        this.state.saving = true;
        this.state.error = "";
        try {
            if (!this.state.found.length) {
                this.state.found = await this.props.store.orm.call("clinic.board", "same_patients", [quick]);
                if (this.state.found.length) {
                    return;
                }
            }
            this.select(await this.props.store.orm.call("clinic.board", "create_patient", [quick]));
        } catch (error) {
            this.state.error = refusalText(error);
        } finally {
            this.state.saving = false;
        }
    }
}
