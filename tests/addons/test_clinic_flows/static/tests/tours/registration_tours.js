import { registry } from "@web/core/registry";

/** Paste a line into the one-line box as a browser does. */
function paste(text) {
    return ({ anchor }) => {
        anchor.focus();
        anchor.value = text;
        anchor.dispatchEvent(new Event("input", { bubbles: true }));
        anchor.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
    };
}

const field = (name) => `.o_field_widget[name=${name}] input`;

registry.category("web_tour.tours").add("clinic_flows_registration", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "everything in one line",
            trigger: field("clinic_quick_text"),
            run: paste("Повторова Мария Петровна 12.03.85 8 914 000-22-33"),
        },
        { content: "the fields are filled", trigger: `${field("family_name")}:value(Повторова)`, run: () => {} },
        { trigger: `${field("given_name")}:value(Мария)`, run: () => {} },
        {
            content: "the card that exists is shown while typing",
            trigger: ".o_clinic_likely li:contains(Повторова)",
            run: () => {},
        },
        { content: "it is opened instead", trigger: ".o_clinic_likely_open:first", run: "click" },
        {
            content: "nothing new was made",
            trigger: ".o_form_view .o_field_widget[name=patient_number]:contains(TOUR-7)",
            run: () => {},
        },
        { content: "history of the card", trigger: ".nav-link[name=timeline]", run: "click" },
        { trigger: ".o_clinic_timeline_row:contains(000-22-33)", run: () => {} },
        { trigger: ".o_clinic_timeline [data-kind=consent]", run: "click" },
        { trigger: ".o_clinic_timeline:not(:has(.o_clinic_timeline_row[data-kind=phone]))", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_flows_arrival", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { trigger: ".o_clinic_board .o_cb_visit:contains(Телефонова)", run: "click" },
        { content: "flags of the card", trigger: ".o_cb_card .o_cb_flag_danger:contains(груб)", run: () => {} },
        { trigger: ".o_cb_card .o_cb_do_arrive", run: "click" },
        { content: "the card is not complete", trigger: ".o_cb_arrival input[name=given_name]", run: "edit Анна" },
        { trigger: ".o_cb_arrival input[name=birth_date]", run: "edit 17.05.1985" },
        { trigger: ".o_cb_arrival select[name=sex]", run: "select female" },
        { trigger: ".o_cb_arrival_save", run: "click" },
        { trigger: "body:not(:has(.o_cb_arrival))", run: () => {} },
    ],
});
