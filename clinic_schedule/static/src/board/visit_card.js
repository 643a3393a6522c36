import { Component, onWillStart, useState } from "@odoo/owl";
import { marksOf, STATES } from "./board_marks";
import { PatientFlags } from "./patient_flags";

/** Popover of one visit: who, what, when, and every action that is allowed now. */
export class VisitCard extends Component {
    static template = "clinic_schedule.VisitCard";
    static components = { PatientFlags };
    static props = { visit: Object, column: Object, store: Object, actions: Array, close: Function };

    setup() {
        this.state = useState({ card: null });
        onWillStart(() => this.read());
    }

    /** Names, phone and price come now and not with the board: fewer data on the screen. */
    async read() {
        const { store, visit } = this.props;
        this.state.card = visit.session_id
            ? await store.orm.silent.call("clinic.board", "session_card", [visit.session_id])
            : await store.orm.silent.call("clinic.board", "visit_card", [visit.id]);
    }

    get marks() {
        return marksOf(this.props.visit);
    }

    get stateMark() {
        return STATES[this.props.visit.state];
    }

    run(action) {
        this.props.close();
        action.run();
    }
}

/** Right-click menu of a visit or of a free place. */
export class BoardMenu extends Component {
    static template = "clinic_schedule.BoardMenu";
    static props = { actions: Array, title: String, close: Function };

    run(action) {
        this.props.close();
        action.run();
    }

    /** Arrow keys walk the menu; Enter is the button's own. */
    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const items = [...ev.currentTarget.querySelectorAll("button")];
        const index = items.indexOf(document.activeElement);
        items[(index + step + items.length) % items.length].focus();
    }
}
