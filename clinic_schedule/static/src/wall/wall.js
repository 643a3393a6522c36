/* The screen on the wall: asks for numbers every few seconds. No libraries, nothing stored, no names. */
(() => {
    "use strict";
    const EVERY = 4000;
    const SHINE = 12000;
    const byId = (id) => document.getElementById(id);
    const known = new Set();
    let first = true;
    let sound = null;

    function element(name, text, className) {
        const node = document.createElement(name);
        node.textContent = text;
        if (className) {
            node.className = className;
        }
        return node;
    }

    function beep() {
        if (!sound) {
            return;
        }
        [660, 880].forEach((pitch, index) => {
            const tone = sound.createOscillator();
            const volume = sound.createGain();
            const start = sound.currentTime + index * 0.25;
            tone.frequency.value = pitch;
            volume.gain.setValueAtTime(0.25, start);
            volume.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
            tone.connect(volume).connect(sound.destination);
            tone.start(start);
            tone.stop(start + 0.6);
        });
    }

    function drawCalled(rows) {
        const fresh = rows.filter((row) => !known.has(row.mark));
        byId("called").replaceChildren(
            ...rows.map((row) => {
                const line = element("tr", "");
                line.dataset.mark = row.mark;
                line.append(element("td", row.number, "number"), element("td", row.room, "room"));
                return line;
            })
        );
        byId("nobody").hidden = rows.length > 0;
        fresh.forEach((row) => {
            known.add(row.mark);
            // what was called before the screen was switched on is not new
            shining.set(row.mark, first ? 0 : Date.now() + SHINE);
        });
        if (fresh.length && !first) {
            beep();
        }
        for (const line of byId("called").children) {
            line.classList.toggle("fresh", (shining.get(line.dataset.mark) || 0) > Date.now());
        }
        first = false;
    }

    const shining = new Map();

    function draw({ called, waiting, delays }) {
        drawCalled(called);
        byId("waiting").replaceChildren(...waiting.map((number) => element("li", number)));
        const text = byId("delay_text").textContent;
        byId("delays").replaceChildren(
            ...delays.map((row) => element("li", `${row.room}: ${text.replace("%s", row.minutes)}`))
        );
        byId("late").hidden = !delays.length;
    }

    async function ask() {
        try {
            const path = `${location.pathname.replace(/\/$/, "")}/numbers`;
            const answer = await fetch(path, { cache: "no-store", credentials: "omit" });
            if (answer.status === 404) {
                location.reload();
                return;
            }
            if (!answer.ok) {
                throw new Error(String(answer.status));
            }
            draw(await answer.json());
            byId("lost").hidden = true;
        } catch {
            byId("lost").hidden = false;
        }
        setTimeout(ask, EVERY);
    }

    function tick() {
        const options = { hour: "2-digit", minute: "2-digit", timeZone: document.body.dataset.tz };
        byId("clock").textContent = new Date().toLocaleTimeString("ru-RU", options);
        setTimeout(tick, 5000);
    }

    byId("sound").addEventListener("click", () => {
        sound = new AudioContext();
        byId("sound").hidden = true;
        beep();
    });
    tick();
    ask();
})();
