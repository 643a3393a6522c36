import { registry } from "@web/core/registry";

/** Taps of the visitor: the tour fails when there are more than allowed. */
const taps = (most) => ({
    content: `at most ${most} taps`,
    trigger: ".o_clinic_ok h1",
    run: () => {
        const made = Number(sessionStorage.getItem("clinic_taps") || 0);
        sessionStorage.removeItem("clinic_taps");
        if (made > most) {
            throw new Error(`${made} taps`);
        }
    },
});

const tap = (trigger, more = {}) => ({
    trigger,
    run: async (helpers) => {
        sessionStorage.setItem("clinic_taps", Number(sessionStorage.getItem("clinic_taps") || 0) + 1);
        await helpers.click();
    },
    ...more,
});

registry.category("web_tour.tours").add("clinic_portal_book_new", {
    steps: () => [
        tap(".o_clinic_card .o_clinic_time:first", { expectUnloadPage: true }),
        { content: "the time is kept", trigger: ".o_clinic_countdown:contains(':')" },
        { trigger: "#clinic_name", run: "edit Петрова Анна Ивановна" },
        { trigger: "#clinic_birth_date", run: "edit 17 мая 85" },
        { trigger: "#clinic_phone", run: "edit 8 (914) 555-01-01" },
        { content: "nothing is sent before the consent", trigger: "#clinic_birth_date_echo:contains('17.05.1985')" },
        tap("input[name='consent']"),
        { content: "the date is shown back", trigger: "#clinic_birth_date_echo:contains('years')" },
        tap(".o_clinic_when_new button[value='code']", { expectUnloadPage: true }),
        { content: "the code the test has dealt", trigger: "#clinic_code", run: "edit 042042" },
        tap(".o_clinic_when_new button[value='confirm']", { expectUnloadPage: true }),
        { trigger: ".o_clinic_visit" },
        taps(4),
    ],
});

registry.category("web_tour.tours").add("clinic_portal_book_signed_in", {
    steps: () => [
        tap(".o_clinic_card .o_clinic_time:first", { expectUnloadPage: true }),
        { trigger: ".o_clinic_people input:checked" },
        tap(".o_clinic_when_known button[value='confirm']", { expectUnloadPage: true }),
        { trigger: ".o_clinic_visit" },
        taps(2),
        { trigger: ".o_clinic_actions a[href='/my/visits']", run: "click", expectUnloadPage: true },
        { trigger: ".o_clinic_visit_row", run: "click", expectUnloadPage: true },
        { trigger: "a[href$='/move']", run: "click", expectUnloadPage: true },
        { trigger: ".o_clinic_day .o_clinic_time:last", run: "click", expectUnloadPage: true },
        { trigger: "a[href$='/cancel']", run: "click", expectUnloadPage: true },
        { trigger: ".o_clinic_btn_danger", run: "click", expectUnloadPage: true },
        { trigger: ".o_clinic_state_cancelled_patient" },
    ],
});
