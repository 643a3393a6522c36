import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { standardErrorDialogProps } from "@web/core/errors/error_dialogs";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SLOT_TAKEN } from "./board_errors";

/**
 * Outside the board (forms, wizards) a taken place is a sentence and the free times nearby,
 * which open the board on their day. The times come in a new request: the loser's own
 * transaction could not see the winner.
 */
export class SlotTakenDialog extends Component {
    static template = "clinic_schedule.SlotTakenDialog";
    static components = { Dialog };
    static props = { ...standardErrorDialogProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ alternatives: [] });
        onWillStart(() => this.read());
    }

    get message() {
        return this.props.data?.arguments?.[0] || this.props.message;
    }

    async read() {
        const asked = this.props.data?.context?.asked;
        if (!asked?.service_id) {
            return;
        }
        try {
            this.state.alternatives = await this.orm.silent.call("clinic.board", "alternatives", [asked]);
        } catch {
            // The refusal itself must be shown to whoever may not ask for other times.
        }
    }

    async open(alternative) {
        this.props.close();
        const { branch_id, service_id } = alternative.slot;
        await this.action.doAction("clinic_schedule.action_clinic_board", {
            additionalContext: { board: { date: alternative.date, branch_id, service_id } },
        });
    }
}

registry.category("error_dialogs").add(SLOT_TAKEN, SlotTakenDialog);
