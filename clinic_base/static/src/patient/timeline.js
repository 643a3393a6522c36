import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Everything that happened with a patient, newest first; kinds are switched by buttons. */
export class Timeline extends Component {
    static template = "clinic_base.Timeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ rows: [], next: false, kinds: [], chosen: "", loading: false });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.resId) {
                return this.load(next.record.resId);
            }
        });
    }

    async load(resId, cursor = false) {
        this.resId = resId;
        if (!resId) {
            this.state.rows = [];
            return;
        }
        this.state.loading = true;
        const kinds = this.state.chosen ? [this.state.chosen] : [];
        const page = await this.orm.call("res.partner", "clinic_timeline", [[resId], kinds, cursor]);
        this.state.rows = cursor ? [...this.state.rows, ...page.rows] : page.rows;
        Object.assign(this.state, { next: page.next, kinds: page.kinds, loading: false });
    }

    choose(kind) {
        this.state.chosen = kind;
        return this.load(this.resId);
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.res_model,
            res_id: row.res_id,
            views: [[false, "form"]],
            target: "new",
        });
    }

    /** Messages stand below in the card itself; the rest opens in a window. */
    canOpen(row) {
        return !["mail.message", "clinic.phone", "clinic.attachment"].includes(row.res_model);
    }
}

registry.category("view_widgets").add("clinic_timeline", { component: Timeline });
