import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { SlotTakenDialog } from "../board/slot_taken_dialog";

/** A lost time and nothing nearby: the waiting list is one press away. */
patch(SlotTakenDialog.prototype, {
    toWaitingList() {
        const asked = this.props.data?.context?.asked || {};
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("To the waiting list"),
            res_model: "clinic.waiting.entry",
            views: [[false, "form"]],
            target: "new",
            context: {
                default_service_id: asked.service_id || false,
                default_branch_ids: asked.branch_id ? [[6, 0, [asked.branch_id]]] : [],
            },
        });
    },
});
