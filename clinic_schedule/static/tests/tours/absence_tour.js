import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("clinic_absence_substitute", {
    steps: () => [
        { content: "the absence says what it touches", trigger: "button[name=action_move_visits]", timeout: 60000, run: "click" },
        { content: "a substitute is proposed", trigger: ".modal td[name=substitute_text]:contains(Substituteva)", run: () => {} },
        { trigger: ".modal button[name=action_apply].btn-primary", run: "click" },
        { content: "nothing is left to be moved", trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_move_visits]))", run: () => {} },
    ],
});
