import { registry } from "@web/core/registry";

function point(type, minutes) {
    const element = document.querySelector(`.o_cb_free[data-free="${minutes}"]`);
    const box = element.getBoundingClientRect();
    const place = { clientX: box.left + 20, clientY: box.top + 1, pointerType: "mouse" };
    element.dispatchEvent(new PointerEvent(type, { ...place, bubbles: true, isPrimary: true }));
}

registry.category("web_tour.tours").add("clinic_board_close_time", {
    steps: () => [
        { content: "tomorrow", trigger: ".o_clinic_board .o_cb_next", timeout: 60000, run: "click" },
        {
            content: "select an hour in the column",
            trigger: '.o_cb_free[data-free="600"]',
            run() {
                point("pointerdown", 600);
                point("pointermove", 660);
                point("pointerup", 660);
            },
        },
        { trigger: ".o_cb_selection:contains(10:00–11:00)", run: () => {} },
        { trigger: ".o_cb_do_close_time", run: "click" },
        { content: "the preview says what happens", trigger: ".modal td[name=hours]:contains(10:00–11:00)", run: () => {} },
        { trigger: ".modal div[name=note] input", run: "edit Fire drill" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "everybody reads why", trigger: "body:not(:has(.modal)) .o_cb_absence:contains(Fire drill)", run: () => {} },
        { content: "one click takes it back", trigger: ".o_notification button:contains(Take back)", run: "click" },
        { trigger: ".o_clinic_board:not(:has(.o_cb_absence))", run: () => {} },
        { content: "the time is open again", trigger: '.o_cb_free[data-free="600"]', run: () => {} },
    ],
});
