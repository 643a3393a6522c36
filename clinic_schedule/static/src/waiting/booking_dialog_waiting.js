import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { BookingDialog } from "../board/booking_dialog";

/** Nothing suits the patient: what the dialog knows goes to the waiting list. */
patch(BookingDialog.prototype, {
    toWaitingList() {
        const line = this.state.lines[0];
        const { column } = this.props;
        const context = {
            default_patient_id: line?.patient?.id || false,
            default_service_id: line?.service_id || false,
            default_branch_ids: column.branch_id ? [[6, 0, [column.branch_id]]] : [],
            default_practitioner_ids: column.kind === "practitioner" ? [[6, 0, [column.record_id]]] : [],
            default_channel: this.state.channel,
            default_note: this.state.note,
        };
        this.props.close();
        this.env.services.action.doAction({
            type: "ir.actions.act_window",
            name: _t("To the waiting list"),
            res_model: "clinic.waiting.entry",
            views: [[false, "form"]],
            target: "new",
            context,
        });
    },
});
