import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { english } from "../../../board/static/board/english.js";
import { day, initials, t } from "../../../board/static/board/messages.js";

const FOLDER = new URL("../../../board/static/board/", import.meta.url);

test("count chooses between singular and plural", () => {
  assert.equal(t("live.offlineWaiting", { count: 1 }), "Offline (1 change waiting)");
  assert.equal(t("live.offlineWaiting", { count: 2 }), "Offline (2 changes waiting)");
});

test("values are filled in, numbers as people write them", () => {
  assert.equal(t("column.count", { count: 1200 }), "1,200 cards");
});

test("a date shows its day, whatever the time zone", () => {
  assert.match(day("2031-02-03"), /3/);
  assert.match(day("2031-02-03"), /2031/);
});

test("a face shows the first letters of the first and the last name", () => {
  assert.deepEqual(["Ana Lima", "ben", "José María de la Cruz", ""].map(initials), ["AL", "B", "JC", ""]);
});

test("every message is said somewhere", () => {
  const sources = readdirSync(FOLDER).filter((name) => name.endsWith(".js") && name !== "english.js");
  const text = sources.map((name) => readFileSync(new URL(name, FOLDER), "utf8")).join("\n");
  const made = [...text.matchAll(/t\(`([\w.]+\.)\$\{/g)].map((match) => match[1]);
  const unsaid = Object.keys(english).filter((key) => !text.includes(`"${key}"`) && !made.some((start) => key.startsWith(start)));

  assert.deepEqual(unsaid, []);
});
