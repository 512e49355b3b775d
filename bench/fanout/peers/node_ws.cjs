// Node's `ws`: a frame is made once, by the library's own Sender, and written to each socket of a room.
// Run it with the port to listen on; NODE_PATH leads to `ws`.
"use strict";
const { createServer } = require("node:http");
const { Sender, WebSocketServer } = require("ws");

const TEXT = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };
const rooms = new Map();

const room = (request) => {
    const id = new URL(request.url, "http://localhost").searchParams.get("id");
    if (!rooms.has(id)) rooms.set(id, new Set());
    return rooms.get(id);
};

const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
        const frame = Buffer.concat(Sender.frame(Buffer.concat(chunks), TEXT));
        for (const socket of room(request)) socket.write(frame);
        response.end("taken");
    });
});

// `send()` would make the same frame for every socket: the library has no public call for a shared one.
new WebSocketServer({ server, path: "/sub", perMessageDeflate: false }).on("connection", (client, request) => {
    const { socket } = request;
    const members = room(request);
    members.add(socket);
    client.on("close", () => members.delete(socket));
});

server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
