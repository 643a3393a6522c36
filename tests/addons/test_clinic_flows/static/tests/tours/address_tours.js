import { registry } from "@web/core/registry";

const row = ".o_field_widget[name=clinic_address_ids] .o_selected_row";

registry.category("web_tour.tours").add("clinic_flows_address", {
    steps: () => [
        { trigger: ".o_field_widget[name=clinic_address_ids] .o_field_x2many_list_row_add a", run: "click" },
        {
            content: "typed anyhow",
            trigger: `${row} .o_field_clinic_address input`,
            run: "edit маркса 5 кв 12",
        },
        {
            content: "suggested from the classifier",
            trigger: ".o_clinic_address_menu a:contains(ул Карла Маркса, д 5, кв 12)",
            run: "click",
        },
        { content: "saved", trigger: ".o_form_button_save", run: "click" },
        {
            content: "a person's choice is confirmed",
            trigger: ".o_field_widget[name=clinic_address_ids] .o_data_row:contains(Карла Маркса) .badge:contains(Подтверждён)",
            run: () => {},
        },
    ],
});
