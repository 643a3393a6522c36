import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const GROUP = "clinic_base.group_clinic_booking";
/** What may put visits on the list or take them off it. */
const ACTIONS = ["absence", "moved", "cancelled", "undone", "booked", "started", "no_show", "expired"];
const WAIT_MS = 4000;

/** How many visits are to be moved, for those who move them; nothing while there are none. */
export class RedListSystray extends Component {
    static template = "clinic_schedule.RedListSystray";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.state = useState({ count: 0 });
        this.heard = this.heard.bind(this);
        onWillStart(async () => {
            if (await user.hasGroup(GROUP)) {
                this.bus.subscribe("clinic_schedule/changed", this.heard);
                this.count();
            }
        });
        onWillUnmount(() => {
            this.bus.unsubscribe("clinic_schedule/changed", this.heard);
            clearTimeout(this.timer);
        });
    }

    /** Many changes one after another are one question. */
    heard(payload) {
        // a booking changes the list only when there is an absence the booker did not see
        if (!ACTIONS.includes(payload.action)) {
            return;
        }
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.count(), WAIT_MS);
    }

    async count() {
        this.state.count = await this.orm.silent.searchCount("clinic.appointment", [
            ["needs_move", "=", true],
        ]);
    }

    open() {
        this.action.doAction("clinic_schedule.clinic_appointment_action_red_list", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("clinic_schedule.red_list", { Component: RedListSystray }, { sequence: 45 });
