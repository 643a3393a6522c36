/** Steps and hands that the tours of the board share. */
import { rpc } from "@web/core/network/rpc";

export const bookBySearch = (minutes, name) => [
    { trigger: `.o_cb_free[data-free="${minutes}"]`, run: "click" },
    { trigger: ".o_cb_booking .o-autocomplete--input", run: `edit ${name}` },
    { trigger: `.o_cb_patient_menu a:contains(${name})`, run: "click" },
    { trigger: ".o_cb_picked", run: () => {} },
    { trigger: ".o_cb_book", run: "click" },
    { trigger: "body:not(:has(.o_dialog))", run: () => {} },
];
export const visitAt = (time, name) => `.o_cb_visit:has(.o_cb_time:contains(${time})) .o_cb_name:contains(${name})`;

/** Take the first visit by its upper edge and drop it at the upper edge of the target. */
export function dragVisitTo(selector) {
    const visit = document.querySelector(".o_cb_visit");
    const target = document.querySelector(selector);
    point("pointerdown", visit);
    point("pointermove", target);
    point("pointerup", target);
}

/** One event of a pointer at the upper edge of an element. */
export function point(type, element, pointerType = "mouse") {
    const box = element.getBoundingClientRect();
    const position = { clientX: box.left + 20, clientY: box.top + 4 };
    element.dispatchEvent(new PointerEvent(type, { ...position, bubbles: true, isPrimary: true, pointerType }));
}

function call(method, ...args) {
    const params = { model: "clinic.board", method, args, kwargs: {} };
    return rpc(`/web/dataset/call_kw/clinic.board/${method}`, params);
}

/** Book a place of the first column in another request than the board's own. */
export async function bookBeside(clock, name) {
    const key = document.querySelector("[data-column]").dataset.column;
    const [, resource, branch, date] = key.match(/^(\d+)-(\d+)-(.+)$/);
    const start = luxon.DateTime.fromISO(`${date}T${clock}`, { zone: "Asia/Irkutsk" }).toUTC();
    const slot = {
        resource_id: Number(resource),
        branch_id: Number(branch),
        start: start.toFormat("yyyy-MM-dd HH:mm:ss"),
    };
    const form = await call("booking_form", slot);
    const [patient] = await call("search_patients", name);
    slot.service_id = form.service_id;
    await call("book", [{ slot, patient_id: patient.id, token: `tour-beside-${clock}` }]);
}

/** Make the bus say something, so that the server looks at its session; resolves when it is connected anew. */
export function busReconnects() {
    const bus = odoo.__WOWL_DEBUG__.root.env.services.bus_service;
    return new Promise((resolve) => {
        bus.addEventListener("BUS:RECONNECT", resolve, { once: true });
        bus.forceUpdateChannels();
    });
}
