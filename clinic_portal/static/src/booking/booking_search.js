import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * First screen of the booking. Without this script the forms work by themselves; with it a
 * changed filter brings new cards without leaving the page, and a double tap books once.
 */
export class BookingSearch extends Interaction {
    static selector = ".o_clinic_search";
    dynamicContent = {
        ".o_clinic_fields select, .o_clinic_fields input": {
            "t-on-change": this.debounced(this.refresh, 150),
        },
        "form[method='post']": { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.serial = 0;
    }

    start() {
        this.el.querySelector("[data-clinic-focus]")?.focus();
    }

    async refresh() {
        const form = this.el.querySelector(".o_clinic_filters");
        const params = new URLSearchParams();
        for (const [name, value] of new FormData(form)) {
            if (value) {
                params.append(name, value);
            }
        }
        const url = `/clinic?${params}`;
        const serial = ++this.serial;
        const response = await this.waitFor(fetch(url));
        const text = await this.waitFor(response.text());
        if (serial !== this.serial || !response.ok) {
            return;
        }
        const page = new DOMParser().parseFromString(text, "text/html");
        const fresh = page.querySelector("#clinic_results");
        const old = this.el.querySelector("#clinic_results");
        if (fresh && old) {
            old.replaceChildren(...fresh.childNodes);
            window.history.replaceState({}, "", url);
        }
    }

    onSubmit(ev) {
        if (ev.currentTarget.dataset.sent) {
            ev.preventDefault();
        }
        ev.currentTarget.dataset.sent = "1";
    }
}

registry.category("public.interactions").add("clinic_portal.booking_search", BookingSearch);
