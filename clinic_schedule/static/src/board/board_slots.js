import { formatUtc } from "./board_model";

/**
 * The slot that a place on the board means for a booking, as `clinic.booking` reads it.
 *
 * In the columns of rooms or devices the shift's own leading resource is booked, and the
 * column only fixes the room or the device.
 *
 * @param {Object} column laid-out column
 * @param {number} minutes wall minutes
 * @param {Object} [shift] shift under the place
 * @param {Object} [visit] visit being moved or copied
 */
export function slotAt(column, minutes, shift, visit) {
    const slot = {
        resource_id: column.resource_id,
        branch_id: column.branch_id,
        start: formatUtc(column.day.msOf(minutes)),
    };
    const leadsItself = visit
        ? visit.lead_kind === column.kind
        : !shift || shift.lead_id === column.resource_id;
    if (!leadsItself) {
        slot.resource_id = visit ? visit.lead_id : shift.lead_id;
        if (column.kind === "room") {
            slot.room_id = column.record_id;
        } else if (column.kind === "device") {
            slot.device_ids = [column.record_id];
        }
    }
    if (visit) {
        slot.service_id = visit.service_id;
        if (visit.session_id) {
            slot.session_id = visit.session_id;
        }
    }
    return slot;
}
