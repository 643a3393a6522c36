import { registry } from "@web/core/registry";

const GROUP = ".o_data_row:contains(Двойникова)";

registry.category("web_tour.tours").add("clinic_flows_consolidation_desk", {
    steps: () => [
        { content: "the group in the queue", trigger: `${GROUP} td[name=display_name]`, run: "click" },
        { content: "the values differ", trigger: "tr[data-name=family_name].o_clinic_match_differs" },
        {
            content: "the desk chooses a surname",
            trigger: "tr[data-name=family_name] td:contains(Двойнекова) input",
            run: "click",
        },
        { trigger: "tr[data-name=family_name] td.o_clinic_match_stays:contains(Двойнекова)" },
        { content: "and proposes", trigger: "button[name=action_propose]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=proposed]" },
    ],
});

registry.category("web_tour.tours").add("clinic_flows_consolidation_join", {
    steps: () => [
        { content: "the proposal", trigger: `${GROUP} td[name=display_name]`, run: "click" },
        { content: "the administrator sees another surname", trigger: "tr[data-name=family_name]" },
        {
            content: "chooses the first one",
            trigger: "tr[data-name=family_name] td:contains(Двойникова) input",
            run: "click",
        },
        { trigger: "tr[data-name=family_name] td.o_clinic_match_stays:contains(Двойникова)" },
        { content: "why they look alike", trigger: ".o_clinic_match_why th:contains(априори)" },
        { content: "joins", trigger: "button[name=action_join]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=done]" },
        { content: "and takes it back", trigger: "button[name=action_undo]", run: "click" },
        { trigger: ".o_field_statusbar:contains(Undone), .o_field_statusbar:contains(Отменено)" },
    ],
});
