import { describe, expect, test } from "@odoo/hoot";
import {
    assignLanes,
    clock,
    columnWidth,
    dropTarget,
    formatUtc,
    freeStarts,
    nextFocus,
    parseClock,
    parseUtc,
    shortName,
    snapMinutes,
    splitQuery,
    union,
    visibleRange,
    zoneDay,
} from "@clinic_schedule/board/board_model";
import { mockTimeZone } from "@odoo/hoot-mock";
import { branchWall } from "@clinic_schedule/calendar/branch_time_calendar";
import { indexRaw, layout, mergeRaw } from "@clinic_schedule/board/board_layout";

describe.current.tags("headless");

const DATE = "2026-11-23";

function answer(overrides = {}) {
    const column = {
        resource_id: 1, record_id: 11, kind: "practitioner", name: "Петров Иван Ильич", subtitle: "",
        image: false, date: DATE, branch_id: 5, branch: "Main", show_branch: false,
        tz: "Asia/Irkutsk", order: "a",
    };
    return {
        columns: [column, { ...column, resource_id: 2, record_id: 12, order: "b" }],
        shifts: [
            { id: 7, resource_ids: [1], lead_id: 1, branch_id: 5, date: DATE, start: `${DATE} 01:00:00`, stop: `${DATE} 03:00:00`, step: 30, room: "12" },
        ],
        visits: [
            { id: 70, resource_ids: [1], branch_id: 5, date: DATE, start: `${DATE} 01:30:00`, stop: `${DATE} 02:00:00`, state: "booked", name: "Иванова Анна Петровна" },
        ],
        busy: { 1: [[`${DATE} 01:30:00`, `${DATE} 02:10:00`]] },
        absences: [],
        offers: null,
        ...overrides,
    };
}

test("wall minutes follow the branch's zone, whatever the browser's zone is", () => {
    const day = zoneDay("Asia/Irkutsk", DATE);
    expect(day.minutesOf(parseUtc("2026-11-23 01:15:00"))).toBe(555);
    expect(formatUtc(day.msOf(555))).toBe("2026-11-23 01:15:00");
});

test("days on which clocks change", () => {
    const spring = zoneDay("Europe/Berlin", "2026-03-29");
    expect(spring.minutesOf(parseUtc("2026-03-29 01:30:00"))).toBe(210);
    expect(formatUtc(spring.msOf(210))).toBe("2026-03-29 01:30:00");
    const autumn = zoneDay("Europe/Berlin", "2026-10-25");
    expect(autumn.minutesOf(parseUtc("2026-10-25 08:00:00"))).toBe(540);
    expect(autumn.minutesOf(parseUtc("2026-10-26 00:00:00"))).toBe(1500);
});

test("free starts keep to the grid of the shift and away from occupied time", () => {
    const starts = freeStarts([{ id: 1, start: 540, stop: 640, step: 20 }], [[565, 580]]);
    expect(starts.map((start) => start.at)).toEqual([540, 580, 600, 620]);
    expect(freeStarts([{ id: 1, start: 540, stop: 640, step: 20 }], [], 590).length).toBe(2);
});

test("overlapping visits share the width", () => {
    const lanes = assignLanes([
        { start: 0, stop: 30 },
        { start: 10, stop: 20 },
        { start: 20, stop: 40 },
        { start: 40, stop: 50 },
    ]).map((item) => [item.lane, item.lanes]);
    expect(lanes).toEqual([[0, 2], [1, 2], [1, 2], [0, 1]]);
});

test("intervals unite", () => {
    expect(union([[5, 6], [1, 3], [2, 4]])).toEqual([[1, 4], [5, 6]]);
});

test("only what is seen is drawn", () => {
    expect(columnWidth(1380, 60)).toBe(138);
    expect(visibleRange(0, 1380, 138, 60)).toEqual([0, 12]);
    expect(visibleRange(1380, 1380, 138, 60)).toEqual([8, 22]);
    expect(visibleRange(7000, 1380, 138, 60)).toEqual([48, 60]);
});

test("a drop lands on the grid or on five minutes", () => {
    const column = { shifts: [{ start: 540, stop: 720, step: 30 }] };
    expect(snapMinutes(column, 573)).toBe(570);
    expect(snapMinutes(column, 583)).toBe(570);
    expect(snapMinutes(column, 583, 0)).toBe(585);
    const target = dropTarget([column], { width: 100, ppm: 1, first: 480 }, 50, 94);
    expect([target.index, target.minutes]).toEqual([0, 570]);
    expect(dropTarget([column], { width: 100, ppm: 1, first: 480 }, 150, 94)).toBe(null);
});

test("layout of an answer", () => {
    const { columns, first, last } = layout(indexRaw(answer()), parseUtc("2026-11-22 00:00:00"));
    expect(columns.length).toBe(2);
    expect([first, last]).toEqual([540, 1080]);
    expect(columns[0].visits[0].time).toBe("09:30");
    expect(columns[0].visits[0].label).toBe("Иванова А.П.");
    // 09:30-10:10 is occupied with its buffer, so 10:00 is not offered.
    expect(columns[0].free.map((free) => clock(free.at))).toEqual(["09:00", "10:30"]);
    expect(columns[1].free).toEqual([]);
});

test("a partial answer replaces only what was asked", () => {
    const known = indexRaw(answer());
    const fresh = indexRaw(answer({ columns: [answer().columns[0]], visits: [] }));
    const merged = mergeRaw(known, fresh, { resource_ids: [1], dates: [DATE] });
    expect([...merged.keys()]).toEqual([...known.keys()]);
    expect([...merged.values()][0].visits).toEqual([]);
    expect([...merged.values()][1]).toBe([...known.values()][1]);
});

test("arrow keys walk over visits and free times", () => {
    const { columns } = layout(indexRaw(answer()), parseUtc("2026-11-22 00:00:00"));
    let focus = nextFocus(columns, null, "down");
    expect([focus.type, focus.id]).toEqual(["free", 540]);
    focus = nextFocus(columns, focus, "down");
    expect([focus.type, focus.id]).toEqual(["visit", 70]);
    expect(nextFocus(columns, focus, "right")).toBe(focus);
    expect(nextFocus(columns, focus, "end").id).toBe(630);
});

test("what people type", () => {
    expect(["9:15", "0915", "9", "9.05", "24:00", "x"].map(parseClock)).toEqual([555, 555, 540, 545, null, null]);
    expect(splitQuery("иванова анна 8 914 123-45-67")).toEqual({
        family_name: "Иванова", given_name: "Анна", patronymic: "", phone: "8 914 123-45-67",
    });
    expect(shortName("Иванова")).toBe("Иванова");
});

test("the calendar of somebody in Irkutsk shows the clock of Chita", () => {
    mockTimeZone("Asia/Irkutsk");
    const moment = luxon.DateTime.fromISO("2026-11-23T01:00:00Z");
    expect(moment.toFormat("HH:mm")).toBe("09:00");
    const wall = branchWall(moment, "Asia/Chita");
    expect(wall.toFormat("yyyy-MM-dd HH:mm")).toBe("2026-11-23 10:00");
    expect(wall.zoneName).toBe(moment.zoneName);
    expect(branchWall(moment, "Asia/Irkutsk").toMillis()).toBe(moment.toMillis());
    // late in Chita: the day of the branch, too
    const late = branchWall(luxon.DateTime.fromISO("2026-11-23T15:30:00Z"), "Asia/Chita");
    expect(late.toFormat("yyyy-MM-dd HH:mm")).toBe("2026-11-24 00:30");
});

test("an archived doctor keeps visits and offers no time", () => {
    const data = answer();
    data.columns[0].archived = true;
    const [column] = layout(indexRaw(data), Date.parse("2026-11-22T00:00Z")).columns;
    expect(column.free).toHaveLength(0);
    expect(column.shifts.length).toBeGreaterThan(0);
});
