import { registry } from "@web/core/registry";
import { bookBeside, bookBySearch, dragVisitTo, point, visitAt } from "./board_tour_steps";

const tours = registry.category("web_tour.tours");
const tomorrow = { content: "tomorrow", trigger: ".o_clinic_board .o_cb_next", timeout: 60000, run: "click" };
const whyMoved = { trigger: ".o_cb_reason:first", run: "click" };

tours.add("clinic_board_lost_place", {
    steps: () => [
        tomorrow,
        ...bookBySearch(540, "Testova").slice(0, -2),
        {
            content: "somebody is faster while the dialog is open",
            trigger: ".o_cb_book",
            run: () => bookBeside("09:00", "Rivalova"),
        },
        { trigger: ".o_cb_book", run: "click" },
        { content: "said in words", trigger: ".o_cb_taken .o_cb_error:contains(09:00)", run: () => {} },
        { trigger: ".o_cb_alternative:first", run: "click" },
        { content: "the offered time is taken over", trigger: ".o_cb_where", run: () => {} },
        { trigger: ".o_cb_book", run: "click" },
        { trigger: "body:not(:has(.o_dialog))", run: () => {} },
        { trigger: visitAt("09:30", "Testova"), run: () => {} },
    ],
});

tours.add("clinic_board_lost_move", {
    steps: () => [
        tomorrow,
        { trigger: visitAt("12:00", "Testova"), run: "click" },
        { trigger: ".o_cb_card .o_cb_do_move", run: "click" },
        { trigger: '.o_cb_carry', run: () => {} },
        { trigger: '.o_cb_free[data-free="600"]', run: "click" },
        {
            content: "the reason is being chosen; somebody is faster",
            trigger: ".o_cb_reason:first",
            run: () => bookBeside("10:00", "Rivalova"),
        },
        whyMoved,
        { content: "other times as buttons", trigger: ".o_notification_buttons button:first", run: "click" },
        whyMoved,
        { trigger: "body:not(:has(.o_dialog))", run: () => {} },
        { trigger: ".o_clinic_board:not(:has(.o_cb_visit .o_cb_time:contains(12:00)))", run: () => {} },
    ],
});

tours.add("clinic_board_refused_drop", {
    steps: () => [
        tomorrow,
        {
            content: "lift the visit",
            trigger: visitAt("09:00", "Testova"),
            run: () => {
                const visit = document.querySelector(".o_cb_visit");
                point("pointerdown", visit);
                point("pointermove", document.querySelector('.o_cb_free[data-free="660"]'));
            },
        },
        {
            content: "the other doctor's column is barred",
            trigger: ".o_cb_dragging .o_cb_col.o_cb_blocked",
            run: () => {
                const barred = document.querySelector(".o_cb_col.o_cb_blocked .o_cb_shift");
                point("pointermove", barred);
                point("pointerup", barred);
            },
        },
        { trigger: ".o_notification:contains(does not give this service)", run: () => {} },
        { content: "nobody was asked why", trigger: "body:not(:has(.o_cb_reason))", run: () => {} },
        {
            content: "an occupied place is refused before the question, too",
            trigger: visitAt("09:00", "Testova"),
            run: () => dragVisitTo(".o_cb_visit ~ .o_cb_visit"),
        },
        { trigger: ".o_notification:contains(just been taken)", run: () => {} },
        { trigger: "body:not(:has(.o_cb_reason))", run: () => {} },
        { content: "back where it was", trigger: visitAt("09:00", "Testova"), run: () => {} },
    ],
});

tours.add("clinic_board_touch", {
    steps: () => [
        tomorrow,
        {
            content: "a short touch that moves is scrolling",
            trigger: visitAt("09:00", "Testova"),
            run: () => {
                point("pointerdown", document.querySelector(".o_cb_visit"), "touch");
                point("pointermove", document.querySelector('.o_cb_free[data-free="660"]'), "touch");
            },
        },
        { trigger: ".o_clinic_board:not(:has(.o_cb_ghost))", run: () => {} },
        {
            content: "a long press lifts",
            trigger: visitAt("09:00", "Testova"),
            run: () => point("pointerdown", document.querySelector(".o_cb_visit"), "touch"),
        },
        {
            trigger: ".o_cb_ghost",
            run: () => {
                const target = document.querySelector('.o_cb_free[data-free="660"]');
                point("pointermove", target, "touch");
                point("pointerup", target, "touch");
            },
        },
        whyMoved,
        { content: "dragged by the finger", trigger: visitAt("11:00", "Testova"), run: "click" },
        { content: "or: tap the visit, Move, tap the time", trigger: ".o_cb_card .o_cb_do_move", run: "click" },
        { trigger: ".o_cb_carry", run: () => {} },
        { trigger: '.o_cb_free[data-free="780"]', run: "click" },
        whyMoved,
        { trigger: visitAt("13:00", "Testova"), run: () => {} },
    ],
});

tours.add("clinic_board_week", {
    steps: () => [
        tomorrow,
        { trigger: ".o_cb_mode_week", run: "click" },
        { content: "the first at work", trigger: ".o_cb_place:contains('1 / 2')", run: () => {} },
        { trigger: ".o_cb_head:count(7)", run: () => {} },
        { content: "days off say so", trigger: ".o_cb_off", run: () => {} },
        { trigger: ".o_cb_next_resource", run: "click" },
        { trigger: ".o_cb_place:contains('2 / 2')", run: () => {} },
        { content: "and round again, by key", trigger: ".o_cb_scroll", run: "press Shift+ArrowRight" },
        { trigger: ".o_cb_place:contains('1 / 2')", run: () => {} },
        { trigger: ".o_cb_scroll", run: "press Shift+ArrowLeft" },
        { trigger: ".o_cb_place:contains('2 / 2')", run: () => {} },
        { content: "a day by its head", trigger: ".o_cb_head:first", run: "click" },
        { trigger: ".o_cb_mode_day.active", run: () => {} },
    ],
});

/** The window of a visit's form, with the time of another visit of the same doctor in it. */
function openMoveWindow() {
    const [visit, other] = [...document.querySelectorAll(".o_cb_visit")];
    const column = visit.closest("[data-column]").dataset.column;
    const [, resource, date] = column.match(/^(\d+)-\d+-(.+)$/);
    const taken = other.querySelector(".o_cb_time").textContent;
    const start = luxon.DateTime.fromISO(`${date}T${taken}`, { zone: "Asia/Irkutsk" }).toUTC();
    odoo.__WOWL_DEBUG__.root.env.services.action.doAction({
        type: "ir.actions.act_window",
        res_model: "clinic.appointment.move",
        views: [[false, "form"]],
        target: "new",
        context: {
            default_appointment_id: Number(visit.dataset.visit),
            default_resource_id: Number(resource),
            default_start: start.toFormat("yyyy-MM-dd HH:mm:ss"),
        },
    });
}

tours.add("clinic_slot_taken_form", {
    steps: () => [
        tomorrow,
        { trigger: ".o_cb_visit:has(.o_cb_time:contains(14:00))", run: openMoveWindow },
        { trigger: ".modal [name=reason_id] input:first", run: "click" },
        { trigger: ".modal button[name=action_move]", run: "click" },
        { content: "a sentence and no traceback", trigger: ".o_cb_slot_taken [role=alert]", run: () => {} },
        { content: "free times lead to the board", trigger: ".o_cb_slot_taken .o_cb_alternative:first", run: "click" },
        { trigger: "body:not(:has(.o_dialog)) .o_clinic_board .o_cb_clear", run: () => {} },
    ],
});

/** Chita is an hour ahead of Irkutsk and nine ahead of the browser of the tests. */
tours.add("clinic_calendar_branch_time", {
    steps: () => [
        { trigger: ".o_clinic_clocks:contains(UTC+9)", timeout: 60000, run: () => {} },
        { content: "08:00 in Chita is yesterday in UTC, but of this day", trigger: ".o_event:contains(08:00)", run: "click" },
        { trigger: ".o_cw_popover:contains(08:00)", run: () => {} },
        { trigger: ".o_cw_popover .o_cw_popover_close", run: "click" },
        { trigger: ".o_event:contains(09:00)", run: () => {} },
    ],
});
