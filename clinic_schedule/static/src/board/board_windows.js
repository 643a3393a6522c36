import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { formatUtc, zoneDay } from "./board_model";

const REPORTS = {
    talon80: "clinic_schedule.report_talon_80",
    talon_a5: "clinic_schedule.report_talon_a5",
    route: "clinic_schedule.report_route_sheet",
};

/** Print slips or the route sheet of visits; without wkhtmltopdf Odoo shows the page. */
export function printVisits(action, kind, ids) {
    return action.doAction({
        type: "ir.actions.report",
        report_type: "qweb-pdf",
        report_name: REPORTS[kind],
        report_file: REPORTS[kind],
        name: _t("Print"),
        context: { active_ids: ids },
    });
}

/** Print the lists of the columns on the screen, as PDF or as a page of the browser. */
export function printLists(action, store, format) {
    const { picture } = store.state;
    const data = {
        dates: store.dates,
        branch_ids: store.branches,
        resource_ids: [...new Set(picture.columns.map((column) => column.resource_id))],
    };
    const name = "clinic_schedule.report_day_list";
    if (format === "html") {
        const options = encodeURIComponent(JSON.stringify(data));
        browser.open(`/report/html/${name}?options=${options}`, "_blank");
        return;
    }
    return action.doAction({
        type: "ir.actions.report",
        report_type: "qweb-pdf",
        report_name: name,
        report_file: name,
        name: _t("Lists of the day"),
        data,
    });
}

/** A new shift for the shown day in a dialog; the board is loaded again after. */
export function formViewDialog(dialog, store) {
    const { date, branch_id, resource_id, options } = store.state;
    const branch = options.branches.find((row) => row.id === (branch_id || store.branches[0]));
    const day = zoneDay(branch.tz, date);
    dialog.add(FormViewDialog, {
        resModel: "clinic.shift",
        title: _t("New shift"),
        context: {
            default_branch_id: branch.id,
            default_resource_id: resource_id,
            default_start: formatUtc(day.msOf(9 * 60)),
            default_stop: formatUtc(day.msOf(15 * 60)),
        },
        onRecordSaved: () => store.load(),
    });
}

/** The notes for the next shift of the days on the screen; a new one is about the first of them. */
export function openNotes(action, store) {
    const { branch_id, resource_id, mode } = store.state;
    return action.doAction("clinic_schedule.clinic_handover_note_action", {
        additionalContext: {
            default_date: store.dates[0],
            default_branch_id: branch_id || store.branches[0],
            default_resource_id: (mode === "week" && resource_id) || false,
        },
    });
}

/** Somebody has come without a booking: a card of the queue; then what he is told. */
export function openWalkIn(dialog, notification, store) {
    dialog.add(FormViewDialog, {
        resModel: "clinic.walk.in",
        title: _t("Without a booking"),
        context: { default_branch_id: store.state.branch_id || store.branches[0] },
        onRecordSaved: async ({ resId }) => {
            const [row] = await store.orm.read("clinic.walk.in", [resId], ["queue_label", "visit_text"]);
            const said = row.visit_text || _t("Nothing is free today. The patient waits for a place.");
            notification.add(`${row.queue_label}: ${said}`, { type: row.visit_text ? "success" : "warning", sticky: true });
            return store.load();
        },
    });
}
