// Draw a picture as most do in Node: a small SVG, made into a PNG by sharp. NODE_PATH leads to `sharp`.
"use strict";
const sharp = require("sharp");

const ADDRESS = /^\/(\d+)x(\d+)(?:\/([0-9a-f]{6}))?(?:\/([0-9a-f]{6}))?$/;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Read `/300x200/264653/ffffff?text=Hello`; undefined where it is something else. */
exports.asked = (url) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const [, width, height, background = "dddddd", ink = "666666"] = ADDRESS.exec(pathname) ?? [];
    const text = searchParams.get("text") ?? `${width} × ${height}`;
    return width && { width: Number(width), height: Number(height), background, ink, text };
};

exports.drawn = ({ width, height, background, ink, text }) => {
    const size = Math.max(12, Math.floor(Math.min(height * 0.16, (width * 1.3) / text.length)));
    const label = text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
        <rect width="100%" height="100%" fill="#${background}"/>
        <text x="50%" y="50%" dy=".35em" text-anchor="middle" font-family="sans-serif" font-weight="bold"
            font-size="${size}" fill="#${ink}">${label}</text></svg>`;
    return sharp(Buffer.from(svg)).png().toBuffer();
};
