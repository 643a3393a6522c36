import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * After an operation of the senior nurse: says what was done, with the button that takes it back
 * and, when visits are met, the one that moves them. Closes the window.
 */
function operationDone(env, { params }) {
    const { operation_id: id, name, summary, visits } = params;
    const { action, notification } = env.services;
    // beside the window that is just closing: both buttons call the server themselves
    const call = async (method) => {
        close();
        const next = await env.services.orm.call("clinic.shift.operation", method, [[id]]);
        await action.doAction(next);
        env.bus.trigger("CLINIC:OPERATION");
    };
    const buttons = [{ name: _t("Take back"), onClick: () => call("action_undo") }];
    if (visits) {
        buttons.push({ name: _t("Move visits (%s)", visits), onClick: () => call("action_visits") });
    }
    const close = notification.add(`${name}. ${summary}`, {
        type: visits ? "warning" : "success",
        sticky: Boolean(visits),
        autocloseDelay: 12000,
        buttons,
    });
    env.bus.trigger("CLINIC:OPERATION");
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("clinic_schedule.operation_done", operationDone);
