import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { useService } from "@web/core/utils/hooks";

/** The button in the bar: lock the screen so that another person, or the same one, signs in by PIN. */
export class DeskSystray extends Component {
    static template = "clinic_base.DeskSystray";
    static props = {};

    setup() {
        this.desk = useService("clinic_desk");
    }
}

/** Covers the whole page while the session is locked; the page below stays as it was. */
export class LockScreen extends Component {
    static template = "clinic_base.LockScreen";
    static props = {};

    setup() {
        this.desk = useService("clinic_desk");
        this.desk_state = useState(this.desk.state);
        this.state = useState({ chosen: null, way: "pin", secret: "", message: "", busy: false });
        this.input = useRef("secret");
        this.root = useRef("root");
        useEffect(
            (locked) => {
                if (!locked) {
                    return;
                }
                this.choose(this.desk_state.people[0] || null);
                const own = this.root.el;
                const below = [...document.body.children, ...own.parentElement.children].filter(
                    (element) => !element.contains(own) && element.tagName !== "SCRIPT"
                );
                below.forEach((element) => element.setAttribute("inert", ""));
                return () => below.forEach((element) => element.removeAttribute("inert"));
            },
            () => [this.desk_state.locked]
        );
        useEffect(
            () => this.input.el?.focus(),
            () => [this.desk_state.locked, this.state.chosen, this.state.way]
        );
    }

    get messages() {
        return {
            wrong: this.state.way === "pin" ? _t("The PIN is wrong. Try again.") : _t("The password is wrong. Try again."),
            blocked: _t("Too many wrong PINs. Enter the password."),
            login: _t("The last sign-in here was too long ago. Sign in with login and password."),
            failed: _t("The server did not answer. Try again."),
        };
    }

    choose(person) {
        Object.assign(this.state, {
            chosen: person,
            way: person && !person.has_pin ? "password" : "pin",
            secret: "",
            message: "",
        });
    }

    turn() {
        Object.assign(this.state, { way: this.state.way === "pin" ? "password" : "pin", secret: "", message: "" });
    }

    async submit() {
        const { chosen, secret, way, busy } = this.state;
        if (!chosen || !secret || busy) {
            return;
        }
        this.state.busy = true;
        let answer = "failed";
        try {
            answer = await this.desk.enter(chosen.id, secret, way);
        } catch {
            await this.desk.check().catch(() => {});
        }
        this.state.busy = false;
        this.state.secret = "";
        this.state.message = answer === "ok" ? "" : this.messages[answer];
        if (answer === "blocked") {
            this.state.way = "password";
        }
        this.input.el?.focus();
    }
}

/** The user sets his own PIN; the password is asked for. */
export class PinDialog extends Component {
    static template = "clinic_base.PinDialog";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ password: "", pin: "", again: "", message: "" });
    }

    get title() {
        return _t("My PIN");
    }

    get hasPin() {
        return session.clinic_desk.has_pin;
    }

    async save(pin) {
        if (pin !== this.state.again && pin) {
            this.state.message = _t("The two PINs differ.");
            return;
        }
        try {
            const params = { password: this.state.password, pin, csrf_token: odoo.csrf_token };
            session.clinic_desk.has_pin = await rpc("/clinic/desk/pin", params);
        } catch (error) {
            this.state.message = error.data?.message || _t("The PIN was not changed.");
            return;
        }
        this.notification.add(pin ? _t("The PIN is set.") : _t("The PIN is removed."), { type: "success" });
        this.props.close();
    }
}

if (session.clinic_desk) {
    registry.category("systray").add("clinic_desk", { Component: DeskSystray }, { sequence: 15 });
    registry.category("main_components").add("ClinicLockScreen", { Component: LockScreen });
    registry.category("user_menuitems").add("clinic_pin", (env) => ({
        type: "item",
        id: "clinic_pin",
        description: _t("My PIN"),
        callback: () => env.services.dialog.add(PinDialog),
        sequence: 45,
    }));
}
