import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const GROUPS = ["clinic_base.group_clinic_registrar", "clinic_base.group_clinic_operator"];

/**
 * Tells registrars and operators of a branch that somebody booked on the site.
 *
 * The bus carries ids only; what the user may see comes by RPC under the user's rights.
 */
export const siteBookingService = {
    dependencies: ["bus_service", "orm", "notification", "action"],

    start(env, { bus_service: bus, orm, notification, action }) {
        bus.subscribe("clinic_schedule/changed", async (payload) => {
            if (payload.channel !== "site" || payload.action !== "booked") {
                return;
            }
            // Cached by Odoo: one question per page, and none before the first booking.
            const memberships = await Promise.all(GROUPS.map((group) => user.hasGroup(group)));
            if (!memberships.some(Boolean)) {
                return;
            }
            const card = await orm.silent.call("clinic.board", "site_booking_card", [
                payload.appointment_id,
            ]);
            if (!card) {
                return;
            }
            const close = notification.add(card.text, {
                title: _t("New booking on the site"),
                type: "info",
                sticky: true,
                className: "o_cb_site_booking",
                buttons: [
                    {
                        name: _t("Open the visit"),
                        primary: true,
                        onClick: () => {
                            close();
                            action.doAction({
                                type: "ir.actions.act_window",
                                res_model: "clinic.appointment",
                                res_id: card.id,
                                views: [[false, "form"]],
                            });
                        },
                    },
                ],
            });
        });
    },
};

registry.category("services").add("clinic_schedule.site_booking", siteBookingService);
