import { loadJS } from "@web/core/assets";
import { registry } from "@web/core/registry";

const KEPT = "clinic_axe_findings";
const SERIOUS = ["serious", "critical"];

const kept = () => JSON.parse(sessionStorage.getItem(KEPT) || "[]");

/**
 * Findings inside Odoo's SelectMenu, which our templates cannot reach: it puts `aria-expanded` on a <div>
 * without a role (web/core/dropdown) and `autocomplete="selectMenuAutocompleteOff"` on its input, a made-up
 * word against the browser's own lists (web/core/select_menu). Anything else there still counts, above all
 * the label, which is ours.
 */
const ODOOS_OWN = {
    "aria-allowed-attr": ".o_select_menu > .o-dropdown",
    "autocomplete-valid": ".o_select_menu_input",
};
const isOdoosOwn = (rule, element) => Boolean(ODOOS_OWN[rule] && element?.matches(ODOOS_OWN[rule]));

/**
 * Looks at the page the tour has come to and keeps what is serious, so that one run tells of every page.
 *
 * @param {string} name of the page, for the report
 * @param {string} trigger what stands on this page only
 * @param {string} within selector of what is ours; the whole page when left out
 */
const look = (name, trigger, within = "html") => ({
    content: `axe: ${name}`,
    trigger,
    timeout: 60000,
    run: async () => {
        await loadJS("/clinic_axe.js");
        // a transition seen half-way has colours that nobody sees
        const ending = document
            .getAnimations()
            .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime));
        await Promise.allSettled(ending.map((one) => one.finished));
        const { violations, passes } = await window.axe.run(
            { include: [[within]] },
            { resultTypes: ["violations"] }
        );
        if (!passes.length) {
            throw new Error(`axe has looked at nothing: ${name}`);
        }
        const found = violations
            .filter(({ impact }) => SERIOUS.includes(impact))
            .flatMap(({ id, impact, nodes }) =>
                nodes
                    .filter(({ target }) => !isOdoosOwn(id, document.querySelector(target[0])))
                    .map(({ target, html }) => `${name}: ${impact} ${id} at ${target.join(" ")}: ${html.slice(0, 160)}`)
            );
        sessionStorage.setItem(KEPT, JSON.stringify([...kept(), ...found]));
    },
});

const verdict = {
    content: "axe: nothing serious on any page",
    trigger: "body",
    run: () => {
        const found = kept();
        sessionStorage.removeItem(KEPT);
        if (found.length) {
            throw new Error(found.join("\n"));
        }
    },
};

/** Goes to an address. */
const go = (address) => ({
    content: `open ${address}`,
    trigger: "body",
    run: () => {
        window.location.href = address;
    },
    expectUnloadPage: true,
});

const press = (trigger) => ({ trigger, run: "click", expectUnloadPage: true });

/** Taps a time that somebody else has taken meanwhile; the test names it in the address. */
const tapTaken = {
    content: "tap a taken time",
    trigger: ".o_clinic_card .o_clinic_time:first",
    run: ({ anchor }) => {
        anchor.value = new URLSearchParams(window.location.search).get("taken");
        anchor.click();
    },
    expectUnloadPage: true,
};

const fill = (values) =>
    Object.entries(values).map(([id, text]) => ({ trigger: `#clinic_${id}`, run: `edit ${text}` }));

const PERSON = { name: "Петрова Анна Ивановна", birth_date: "17.05.1985", phone: "8 914 555-01-01" };

registry.category("web_tour.tours").add("clinic_axe_visitor", {
    steps: () => [
        look("search", ".o_clinic_card .o_clinic_time"),
        { trigger: ".o_clinic_more summary", run: "click" },
        look("search, filters open", ".o_clinic_more[open]"),
        tapTaken,
        look("lost place", ".o_clinic_search .o_clinic_lost .o_clinic_time"),
        go("/clinic?q=zzzzzzzz"),
        look("empty results", ".o_clinic_empty"),
        press(".o_clinic_empty a[href='/clinic']"),
        press(".o_clinic_card h2 a:contains('Doctorova')"),
        look("doctor", ".o_clinic_doctor_page .o_clinic_time"),
        press(".o_clinic_doctor_page .o_clinic_time:last"),
        look("form of a new patient", ".o_clinic_countdown:contains(':')"),
        press(".o_clinic_when_new button[value='code']"),
        look("form with errors", "#clinic_name[aria-invalid='true']"),
        ...fill(PERSON),
        { trigger: "input[name='consent']", run: "click" },
        { content: "the birth date is understood", trigger: "#clinic_birth_date_echo:contains('years')" },
        press(".o_clinic_when_new button[value='code']"),
        look("code", "#clinic_code"),
        { trigger: "#clinic_code", run: "edit 000000" },
        press(".o_clinic_when_new button[value='confirm']"),
        look("wrong code", "#clinic_code[aria-invalid='true']"),
        { trigger: "#clinic_code", run: "edit 042042" },
        press(".o_clinic_when_new button[value='confirm']"),
        look("done", ".o_clinic_ok"),
        go("/clinic/doctor/999999999"),
        look("no such page", "#wrap"),
        go("/clinic/policy"),
        look("policy", "#wrap h1"),
        verdict,
    ],
});

registry.category("web_tour.tours").add("clinic_axe_patient", {
    steps: () => [
        look("my visits", ".o_clinic_visit_row"),
        press(".o_clinic_visit_row"),
        look("visit", ".o_clinic_cabinet a[href$='/move']"),
        press("a[href$='/move']"),
        look("move", ".o_clinic_day .o_clinic_time"),
        {
            content: "tap a time that has passed",
            trigger: ".o_clinic_day .o_clinic_time:first",
            run: ({ anchor }) => {
                anchor.value = anchor.value.replace(/\|[^|]*$/, "|2020-01-01T00:00:00");
                anchor.click();
            },
            expectUnloadPage: true,
        },
        look("move refused", ".o_clinic_cabinet .o_clinic_lost"),
        press(".o_clinic_actions a:contains('Keep')"),
        press("a[href$='/cancel']"),
        look("cancel", ".o_clinic_btn_danger"),
        go("/my/visits?when=past"),
        look("past visits", ".o_clinic_cabinet .o_clinic_empty"),
        go("/my"),
        look("cabinet", "a[href$='/my/visits'] .o_portal_icon"),
        go("/my/consents"),
        { trigger: ".o_clinic_withdraw summary", run: "click" },
        look("my consents", ".o_clinic_withdraw .o_clinic_btn_danger"),
        { trigger: ".o_clinic_consent_offer input[type='checkbox']:first", run: "click" },
        press(".o_clinic_consent_offer button:first"),
        look("consent given", ".o_clinic_cabinet [role='status']"),
        go("/clinic"),
        press(".o_clinic_card .o_clinic_time:first"),
        look("form of a known patient", ".o_clinic_people input:checked"),
        {
            content: "the session is lost meanwhile",
            trigger: ".o_clinic_form input[name='csrf_token']:not(:visible)",
            run: ({ anchor }) => {
                anchor.value = "of yesterday";
            },
        },
        press(".o_clinic_when_known button[value='confirm']"),
        look("lost session", ".o_clinic_lost"),
        verdict,
    ],
});

registry.category("web_tour.tours").add("clinic_axe_request", {
    steps: () => [
        look("request", "#clinic_wish"),
        press(".o_clinic_when_known button[value='confirm']"),
        look("request with errors", ".o_clinic_error:visible"),
        { trigger: "input[name='consent']", run: "click" },
        press(".o_clinic_when_known button[value='confirm']"),
        look("request sent", ".o_clinic_ok"),
        verdict,
    ],
});

registry.category("web_tour.tours").add("clinic_axe_board", {
    steps: () => [
        // the bar above and the frame of the window are the web client's
        { content: "tomorrow", trigger: ".o_clinic_board .o_cb_next", run: "click" },
        look("board", ".o_clinic_board .o_cb_visit", ".o_clinic_board"),
        { trigger: ".o_clinic_board .o_cb_free", run: "click" },
        look("booking window", ".o_cb_booking", ".o_cb_booking"),
        verdict,
    ],
});
