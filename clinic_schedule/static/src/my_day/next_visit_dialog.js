import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { newToken } from "../board/board_model";
import { refusalText } from "../board/board_errors";

/** The next visit of a patient: the first click has opened this, the second books a time. */
export class NextVisitDialog extends Component {
    static template = "clinic_schedule.NextVisitDialog";
    static components = { Dialog };
    static props = { orm: Object, visit: Object, onBooked: Function, close: Function };

    setup() {
        this.choices = [3, 7, 14, 30, 90];
        this.state = useState({ days: 14, service: "", slots: [], loading: true, saving: false, error: "" });
        onWillStart(() => this.propose(this.state.days));
    }

    async propose(days) {
        Object.assign(this.state, { days, loading: true });
        try {
            const found = await this.props.orm.call("clinic.my.day", "propose_next", [this.props.visit.id, days]);
            if (days === this.state.days) {
                Object.assign(this.state, { service: found.service, slots: found.slots });
            }
        } catch (error) {
            this.state.error = refusalText(error);
        } finally {
            this.state.loading = false;
        }
    }

    choose(days) {
        this.state.error = "";
        return this.propose(days);
    }

    /** Days in the order of time, each with its times. */
    get groups() {
        const groups = [];
        for (const slot of this.state.slots) {
            if (groups.at(-1)?.day !== slot.day) {
                groups.push({ day: slot.day, slots: [] });
            }
            groups.at(-1).slots.push(slot);
        }
        return groups;
    }

    async book(slot) {
        if (this.state.saving) {
            return;
        }
        Object.assign(this.state, { saving: true, error: "" });
        try {
            const args = [this.props.visit.id, slot, newToken()];
            this.props.onBooked(await this.props.orm.call("clinic.my.day", "book_next", args));
            this.props.close();
        } catch (error) {
            this.state.error = refusalText(error);
            await this.propose(this.state.days);
        } finally {
            this.state.saving = false;
        }
    }
}
