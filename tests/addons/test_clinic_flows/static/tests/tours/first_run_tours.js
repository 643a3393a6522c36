import { registry } from "@web/core/registry";

const NEXT = "button[name=action_next]:not([disabled])";

/** Paste a table into the box of a step and go on; the next step is proof that every line was accepted. */
const table = (step, text) => [
    {
        content: `${step}: paste a table`,
        trigger: `[name=${step}_text] textarea`,
        // as a function: the short form takes one line only
        run: (helpers) => helpers.edit(text),
    },
    { trigger: NEXT, run: "click" },
];

registry.category("web_tour.tours").add("clinic_flows_first_run", {
    steps: () => [
        { content: "the company", trigger: "[name=company_name] input", run: "edit Клиника «Первая»" },
        { trigger: "[name=company_vat] input", run: "edit 3808000018" },
        { trigger: "[name=company_phone] input", run: "edit +7 3952 00-00-01" },
        { trigger: NEXT, run: "click" },
        ...table(
            "branches",
            "Название;Город;Адрес;Телефон;Зона;Часы\n" +
                "Центр;Иркутск;ул. Ленина, 5;+7 3952 00-00-02;Asia/Irkutsk;пн-вс 8:00-20:00\n" +
                "Берег;Чита;ул. Мира, 12;;Asia/Chita;пн-вс 8-20"
        ),
        ...table(
            "doctors",
            "ФИО\tСпециальность\tФилиал\tКого принимает\n" +
                "Первова Анна Петровна\tКардиология\tЦентр\tвзрослые\n" +
                "Вторых Сергей Ильич\tУЗИ / Гинекология\tБерег\tвзрослые и дети"
        ),
        ...table(
            "services",
            "Приём кардиолога;30;2500;Кардиология;Первова\nУЗИ сердца;40;2 900,00 ₽;УЗИ;Вторых"
        ),
        ...table("shifts", "Первова;пн-вс 9:00-18:00;Центр;;30\nВторых;пн-вс 9-18;Берег"),
        { content: "done", trigger: "[name=branch_count]:contains(2)" },
        { trigger: "[name=doctor_count]:contains(2)" },
        { trigger: "[name=service_count]:contains(2)" },
        {
            content: "to work",
            trigger: "button[name=action_finish].btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "the doctors", trigger: ".o_kanban_record:contains(Первова), .o_data_row:contains(Первова)" },
    ],
});

registry.category("web_tour.tours").add("clinic_flows_first_free_time", {
    steps: () => [
        {
            content: "a doctor of the new clinic has a free time",
            trigger: ".o_clinic_card:contains(Первова) .o_clinic_time:first",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "the time is kept for the visitor", trigger: ".o_clinic_countdown:contains(':')" },
    ],
});
