import { registry } from "@web/core/registry";

const field = (name) => `.o_dialog .o_field_widget[name=${name}] input`;

registry.category("web_tour.tours").add("clinic_board_walk_in", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_walk_in", timeout: 60000, run: "click" },
        { trigger: field("patient_id"), run: "edit Testova" },
        { trigger: ".o-autocomplete--dropdown-item a:contains(Testova)", run: "click" },
        { trigger: field("service_id"), run: "edit Consultation" },
        { trigger: ".o-autocomplete--dropdown-item a:contains(Consultation)", run: "click" },
        { trigger: ".o_dialog .o_form_button_save", run: "click" },
        { content: "the number and the time", trigger: ".o_notification:contains(Б-001):not(:contains(Nothing))", run: () => {} },
        { trigger: "body:not(:has(.o_dialog))", run: () => {} },
    ],
});
