import { RPCError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";

export const SLOT_TAKEN = "odoo.addons.clinic_schedule.exceptions.SlotTaken";
export const PRICE_CHANGED = "odoo.addons.clinic_schedule.exceptions.PriceChanged";

const REFUSALS = [
    SLOT_TAKEN,
    PRICE_CHANGED,
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
];

/** Whether the server said "somebody was faster". */
export function isSlotTaken(error) {
    return error instanceof RPCError && error.exceptionName === SLOT_TAKEN;
}

/** The present price when the server said "it costs more now", else undefined. */
export function changedPrice(error) {
    const changed = error instanceof RPCError && error.exceptionName === PRICE_CHANGED;
    return changed ? error.data?.context?.price : undefined;
}

/**
 * The server's refusal as a sentence for the user; anything that is not a refusal
 * (a broken connection, a bug) is thrown on to Odoo's own error handling.
 *
 * @param {Error} error
 * @returns {string}
 */
export function refusalText(error) {
    if (error instanceof RPCError && REFUSALS.includes(error.exceptionName)) {
        return error.data?.message || error.message || _t("The server refused this.");
    }
    throw error;
}
