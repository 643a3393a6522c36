import { registry } from "@web/core/registry";

const field = (name) => `.o_dialog .o_field_widget[name=${name}] input`;

registry.category("web_tour.tours").add("clinic_course", {
    steps: () => [
        { content: "from the patient's card", trigger: "button[name=action_clinic_book_course]", run: "click" },
        { trigger: field("service_id"), run: "edit Consultation" },
        { trigger: ".o-autocomplete--dropdown-item a:contains(Consultation)", run: "click" },
        { trigger: field("count"), run: "edit 3" },
        { trigger: field("every"), run: "edit 2" },
        { trigger: ".o_dialog button[name=action_find]", run: "click" },
        { content: "three times were found", trigger: ".o_dialog .o_data_row:nth-child(3)", run: () => {} },
        { trigger: ".o_dialog button[name=action_book]:visible", run: "click" },
        { content: "the course is open", trigger: "body:not(:has(.o_dialog)) .o_field_widget[name=visit_ids] .o_data_row:nth-child(3)", run: () => {} },
        { content: "cancel the rest", trigger: "button:contains(Cancel the rest)", run: "click" },
        { trigger: ".o_dialog .o_field_widget[name=reason_id] input:first", run: "click" },
        { trigger: ".o_dialog button[name=action_cancel]", run: "click" },
        { content: "all are missing now", trigger: "body:not(:has(.o_dialog)) button[name=action_book_missing]", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_course_from_board", {
    steps: () => [
        { content: "tomorrow", trigger: ".o_clinic_board .o_cb_next", timeout: 60000, run: "click" },
        {
            content: "the menu of a visit",
            trigger: ".o_cb_visit",
            run: ({ anchor }) => anchor.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })),
        },
        { trigger: ".o_cb_menu .o_cb_do_course", run: "click" },
        { content: "filled in from the visit", trigger: ".o_dialog .o_field_widget[name=service_id] input:value(Consultation)", run: () => {} },
        { trigger: field("count"), run: "edit 2" },
        { trigger: field("every"), run: "edit 1" },
        { trigger: ".o_dialog button[name=action_find]", run: "click" },
        { trigger: ".o_dialog .o_data_row:nth-child(2)", run: () => {} },
        { trigger: ".o_dialog button[name=action_book]:visible", run: "click" },
        { content: "which is which", trigger: "body:not(:has(.o_dialog)) .o_data_row:nth-child(2) [name=course_place]:contains(2 of 2)", run: () => {} },
        { content: "back to the board", trigger: ".breadcrumb a, .o_back_button", run: "click" },
        { trigger: ".o_cb_grid, .o_cb_visit", run: () => {} },
        { content: "the next day", trigger: ".o_cb_next", run: "click" },
        { content: "the board tells a visit of a course", trigger: ".o_cb_visit .o_cb_mark_course", run: () => {} },
    ],
});
