// Draw without a server: `node sharp_alone.cjs WIDTH HEIGHT COUNT colours|texts` prints microseconds and bytes of each.
"use strict";
const { drawn } = require("./drawing.cjs");

const WARM_UP = 5;
const [width, height, count] = process.argv.slice(2, 5).map(Number);
const of = {
    colours: (n) => ({ background: (0x264653 + n).toString(16).padStart(6, "0"), text: `${width} × ${height}` }),
    texts: (n) => ({ background: "264653", text: `Label number ${1000 + n}` }),
}[process.argv[5]];

(async () => {
    let bytes = 0;
    let before = process.cpuUsage();
    for (let n = -WARM_UP; n < count; n += 1) {
        if (n === 0) before = process.cpuUsage();
        const body = await drawn({ width, height, ink: "ffffff", ...of(n + WARM_UP) });
        if (n >= 0) bytes += body.length;
    }
    const { user, system } = process.cpuUsage(before); // of all threads
    console.log(JSON.stringify({ us: (user + system) / count, bytes: bytes / count }));
})();
