import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { refusalText } from "./board_errors";

/** The patient is here: what is to be seen to, and a card made by phone to be filled in or joined. */
export class ArrivalDialog extends Component {
    static template = "clinic_schedule.ArrivalDialog";
    static components = { Dialog };
    static props = {
        store: Object,
        /** A provisional card to be completed, if any. */
        patient: { type: [Object, { value: false }] },
        /** What is not in order: [{key, text}]. */
        checks: Array,
        onJoin: Function,
        onPapers: Function,
        close: Function,
    };

    setup() {
        this.orm = this.props.store.orm;
        this.state = useState({ vals: {}, sexes: [], similar: [], may_join: false, error: "", saving: false });
        onWillStart(async () => {
            if (!this.props.patient) {
                return;
            }
            const card = await this.orm.call("clinic.board", "unfinished_card", [this.props.patient.id]);
            Object.assign(this.state, card);
        });
    }

    get hasPapers() {
        return this.props.checks.some((check) => check.key === "paper");
    }

    papers() {
        this.props.onPapers();
        this.props.close();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.tagName === "INPUT") {
            ev.preventDefault();
            this.save();
        }
    }

    async save() {
        await this.attempt(async () => {
            await this.orm.call("clinic.board", "complete_card", [this.props.patient.id, this.state.vals]);
            this.props.close();
        });
    }

    async join(row) {
        await this.attempt(async () => {
            this.props.onJoin(await this.orm.call("clinic.board", "join_card", [this.props.patient.id, row.id]));
            this.props.close();
        });
    }

    async attempt(action) {
        if (this.state.saving) {
            return;
        }
        Object.assign(this.state, { saving: true, error: "" });
        try {
            await action();
        } catch (error) {
            this.state.error = refusalText(error);
        } finally {
            this.state.saving = false;
        }
    }
}
