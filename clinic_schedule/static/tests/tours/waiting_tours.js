import { registry } from "@web/core/registry";
import { visitAt } from "./board_tour_steps";

registry.category("web_tour.tours").add("clinic_waiting_cancel", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { trigger: visitAt("09:00", "Testova"), run: "click" },
        { content: "cancel", trigger: ".o_cb_card .o_cb_do_cancel", run: "click" },
        { trigger: ".o_cb_reason:first", run: "click" },
        { content: "gone", trigger: ".o_clinic_board:not(:has(.o_cb_visit))", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_waiting_taken", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { content: "whoever accepted is here", trigger: visitAt("09:00", "Zhdunova"), run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_waiting_from_board", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { trigger: '.o_cb_free[data-free="540"]', run: "click" },
        { trigger: ".o_cb_booking .o-autocomplete--input", run: "edit Testova" },
        { trigger: ".o_cb_patient_menu a:contains(Testova)", run: "click" },
        { trigger: ".o_cb_picked", run: () => {} },
        { content: "nothing suits", trigger: ".o_cb_waiting", run: "click" },
        {
            content: "what was chosen is there",
            trigger: ".o_dialog .o_form_view .o_field_widget[name=patient_id] input:value(Testova)",
            run: () => {},
        },
        { trigger: ".o_dialog .o_form_button_save", run: "click" },
        { content: "back at the board", trigger: "body:not(:has(.o_dialog)) .o_clinic_board", run: () => {} },
    ],
});
