// Serve pictures by node:http and sharp: `node node_sharp.cjs PORT BYTES`, BYTES of them kept in memory, or 0.
"use strict";
const { createServer } = require("node:http");
const { asked, drawn } = require("./drawing.cjs");

const OVERHEAD = 500; // bytes of an entry, beside its picture
const [port, most] = process.argv.slice(2).map(Number);
const kept = new Map(); // from address to picture, the one that was asked for last at the end
let weight = 0;

const again = (url) => {
    const found = kept.get(url);
    if (found) kept.delete(url), kept.set(url, found);
    return found;
};

const keep = (url, body) => {
    if (!most || kept.has(url)) return body;
    kept.set(url, body);
    weight += body.length + OVERHEAD;
    for (const [oldest, { length }] of kept) {
        if (weight <= most) break;
        kept.delete(oldest);
        weight -= length + OVERHEAD;
    }
    return body;
};

createServer(async (request, response) => {
    const { url } = request;
    let body = again(url);
    if (!body) {
        const picture = asked(url);
        if (!picture) return response.writeHead(404).end();
        body = keep(url, await drawn(picture));
    }
    response.writeHead(200, {
        "Content-Type": "image/png",
        "Content-Length": body.length,
        "Cache-Control": "public, max-age=31536000, immutable",
    });
    response.end(body);
}).listen(port, "127.0.0.1");
