import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { user } from "@web/core/user";

const ALIVE_EVERY = 60 * 1000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
/** At these forms save what was typed; from a locked page it would be saved in the name of who comes next. */
const SAVES = ["beforeunload", "visibilitychange"];
const CHANNEL = "clinic_desk";

/**
 * Lock of a shared workplace. The server takes the user out of the session; this service tells it
 * when somebody moves, asks for the lock after idle minutes, and keeps the page as it was below the
 * lock screen. Tabs of one browser lock and unlock together.
 */
export const deskService = {
    dependencies: ["hotkey", "title"],
    start(env, { hotkey }) {
        const state = reactive({ locked: false, people: [], busy: false });
        const idleMinutes = session.clinic_desk?.idle_minutes || 0;
        const channel = browser.BroadcastChannel ? new browser.BroadcastChannel(CHANNEL) : null;
        let lastSign = Date.now();
        let lastTold = Date.now();

        function show(answer) {
            odoo.csrf_token = answer.csrf_token;
            state.people = answer.people;
            state.locked = true;
        }

        function entered(uid) {
            if (uid !== user.userId) {
                browser.location.assign("/odoo");
                return;
            }
            lastSign = lastTold = Date.now();
            state.locked = false;
            // Messages come over a connection of the locked session, which hears nothing of this user: the
            // server closes it at the next word, and the bus connects anew and tells the screens to load.
            env.services.bus_service?.forceUpdateChannels();
        }

        /** Ask the server whether this session is locked, and show what it says. */
        async function check() {
            const answer = await rpc("/clinic/desk/state", {}, { silent: true });
            if (answer.locked) {
                show(answer);
            } else if (state.locked && answer.uid) {
                odoo.csrf_token = answer.csrf_token;
                entered(answer.uid);
            }
            return answer.locked;
        }

        async function lock() {
            if (state.locked || state.busy) {
                return;
            }
            state.busy = true;
            try {
                show(await rpc("/clinic/desk/lock", {}, { silent: true }));
                channel?.postMessage("changed");
            } catch {
                await check();
            } finally {
                state.busy = false;
            }
        }

        /** @returns {Promise<string>} ok, wrong, blocked or login */
        async function enter(userId, secret, way) {
            const params = { user_id: userId, secret, way, csrf_token: odoo.csrf_token };
            const answer = await rpc("/clinic/desk/enter", params, { silent: true });
            odoo.csrf_token = answer.csrf_token;
            if (answer.answer === "ok") {
                channel?.postMessage("changed");
                entered(answer.uid);
            }
            return answer.answer;
        }

        async function tick() {
            const now = Date.now();
            if (state.locked || !idleMinutes) {
                return;
            }
            if (now - lastSign >= idleMinutes * ALIVE_EVERY) {
                await lock();
            } else if (lastSign > lastTold && now - lastTold >= ALIVE_EVERY) {
                lastTold = now;
                await rpc("/clinic/desk/alive", {}, { silent: true }).catch(() => check());
            }
        }

        if (session.clinic_desk) {
            for (const name of SIGNS_OF_LIFE) {
                browser.addEventListener(name, () => (lastSign = Date.now()), { capture: true, passive: true });
            }
            for (const name of SAVES) {
                browser.addEventListener(name, (ev) => state.locked && ev.stopImmediatePropagation(), { capture: true });
            }
            browser.setInterval(() => tick().catch(() => {}), 10 * 1000);
            hotkey.add("alt+shift+l", lock, { global: true, bypassEditableProtection: true });
            channel?.addEventListener("message", () => check().catch(() => {}));
        }
        return { state, lock, enter, check };
    },
};

registry.category("services").add("clinic_desk", deskService);

/** A refused call of a locked session is no error: the lock screen says what there is to say. */
function lockedSessionHandler(env, error, originalError) {
    if (originalError?.exceptionName !== "odoo.http.SessionExpiredException" || !session.clinic_desk) {
        return false;
    }
    const desk = env.services.clinic_desk;
    error.unhandledRejectionEvent?.preventDefault();
    if (!desk.state.locked) {
        desk.check().then((locked) => {
            if (!locked) {
                browser.location.reload();
            }
        });
    }
    return true;
}

registry.category("error_handlers").add("clinic_locked_session", lockedSessionHandler, { sequence: 90 });
