import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Cards of a group side by side: differences, whose value stays, which card stays, what the matcher saw.
 * Shows the computed field it stands on; what is chosen goes to the field `plan` of the same record.
 */
export class MatchCard extends Component {
    static template = "clinic_base.MatchCard";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ onlyDifferent: false, open: null });
    }

    get data() {
        return this.props.record.data[this.props.name] || { people: [], rows: [], counts: [], pairs: [] };
    }

    get plan() {
        const plan = this.data.plan || { survivor: false, out: [], takes: {} };
        return { ...plan, ...(this.props.record.data.plan || {}), takes: this.takes(plan) };
    }

    takes(plan) {
        return { ...plan.takes, ...((this.props.record.data.plan || {}).takes || {}) };
    }

    get rows() {
        return this.data.rows.filter((row) => row.differs || !this.state.onlyDifferent);
    }

    get shownPair() {
        return this.state.open ?? (this.data.pairs.length ? this.data.pairs[0].id : null);
    }

    isIn(person) {
        return !this.plan.out.includes(person.id);
    }

    /** An asked value of which nothing is chosen yet. */
    isMissing(row) {
        const winner = this.data.people.find((person) => person.id === this.plan.takes[row.name]);
        return row.required && !(winner && this.isIn(winner));
    }

    cellClass(row, person) {
        if (!this.isIn(person)) {
            return "o_clinic_match_out";
        }
        if (!row.differs || !row.choosable) {
            return "";
        }
        const winner = this.plan.takes[row.name];
        if (winner === person.id) {
            return "o_clinic_match_stays";
        }
        return this.isMissing(row) ? "o_clinic_match_open" : "o_clinic_match_goes";
    }

    choosable(row, person) {
        return this.data.editable && row.choosable && row.differs && row.values[person.id] && this.isIn(person);
    }

    async change(values) {
        const { survivor, out, takes } = this.plan;
        await this.props.record.update({ plan: { survivor, out, takes, ...values } });
    }

    take(row, person) {
        return this.change({ takes: { ...this.plan.takes, [row.name]: person.id } });
    }

    keep(person) {
        return this.change({ survivor: person.id, out: this.plan.out.filter((id) => id !== person.id) });
    }

    toggle(person) {
        const out = this.isIn(person)
            ? [...this.plan.out, person.id]
            : this.plan.out.filter((id) => id !== person.id);
        return this.change({ out });
    }

    number(value) {
        const text = Math.abs(value).toFixed(2).replace(".", ",");
        return `${value < 0 ? "−" : "+"}${text}`;
    }
}

registry.category("fields").add("clinic_match_card", {
    component: MatchCard,
    supportedTypes: ["json"],
});
