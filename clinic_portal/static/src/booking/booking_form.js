import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const WARN_SECONDS = 120;

/**
 * Form of the booking: the countdown of the kept time, the birth date shown back once the
 * consent is given, and no second submit. The form itself works without this script.
 */
export class BookingForm extends Interaction {
    static selector = ".o_clinic_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        "input[name='birth_date']": {
            "t-on-input": this.debounced(this.showBirthDate, 400),
            "t-on-change": this.showBirthDate,
        },
        "input[name='consent']": { "t-on-change": this.showBirthDate },
        "input[name='code']": { "t-on-input": this.onCode },
    };

    start() {
        const target = this.el.querySelector("[data-clinic-focus-code] input") ||
            this.el.querySelector("[aria-invalid='true']") ||
            this.el.querySelector("[data-clinic-focus]");
        target?.focus();
        this.total = Number(this.el.dataset.seconds || 0);
        if (this.total) {
            this.until = Date.now() + this.total * 1000;
            const timer = setInterval(() => this.tick(), 1000);
            this.registerCleanup(() => clearInterval(timer));
        }
        this.addListener(window, "pageshow", () => delete this.el.dataset.sent);
    }

    tick() {
        const left = Math.max(0, Math.round((this.until - Date.now()) / 1000));
        const box = this.el.querySelector(".o_clinic_timer");
        const seconds = String(left % 60).padStart(2, "0");
        box.querySelector(".o_clinic_countdown").textContent = `${Math.floor(left / 60)}:${seconds}`;
        box.querySelector(".o_clinic_bar span").style.width = `${(100 * left) / this.total}%`;
        box.classList.toggle("o_clinic_timer_late", left <= WARN_SECONDS);
        if (left === WARN_SECONDS) {
            this.announce(_t("The time is kept for two more minutes."));
        }
        if (!left && !this.over) {
            this.over = true;
            this.announce(
                _t("The time is no longer kept. You can still confirm: we will try it once more."),
                true
            );
        }
    }

    announce(text, visible = false) {
        const status = this.el.querySelector(".o_clinic_announce");
        status.textContent = text;
        status.classList.toggle("visually-hidden", !visible);
    }

    /** Nothing that was typed leaves the page before the consent is given. */
    async showBirthDate() {
        const input = this.el.querySelector("input[name='birth_date']");
        const text = input.value.trim();
        if (text.length < 6 || !this.el.querySelector("input[name='consent']").checked) {
            return;
        }
        const answer = await this.waitFor(rpc("/clinic/birthdate", { text: text.slice(0, 100) }));
        if (input.value.trim() !== text) {
            return;
        }
        this.el.querySelector("#clinic_birth_date_echo").textContent = answer.text || "";
        const error = this.el.querySelector("#clinic_birth_date_error");
        error.classList.toggle("d-none", !answer.error);
        error.querySelector("span").textContent = answer.error || "";
        input.toggleAttribute("aria-invalid", false);
        if (answer.error) {
            input.setAttribute("aria-invalid", "true");
        }
    }

    onCode(ev) {
        const digits = ev.target.value.replace(/\D/g, "").slice(0, 6);
        if (digits !== ev.target.value) {
            ev.target.value = digits;
        }
    }

    onSubmit(ev) {
        if (this.el.dataset.sent) {
            ev.preventDefault();
        }
        this.el.dataset.sent = "1";
    }
}

registry.category("public.interactions").add("clinic_portal.booking_form", BookingForm);
