import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * A page that answered a sent form gets the address of the page it shows: going back or reloading
 * then opens this page instead of the browser's question whether to send the form once more.
 */
export class BookingAddress extends Interaction {
    static selector = ".o_clinic";

    start() {
        const address = this.el.dataset.clinicAddress || window.location.href;
        window.history.replaceState(window.history.state, "", address);
    }
}

registry.category("public.interactions").add("clinic_portal.booking_address", BookingAddress);
