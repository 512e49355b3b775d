import assert from "node:assert/strict";
import { test } from "node:test";
import { whatIsLeft } from "../../../board/static/board/typed-field.js";

const box = (value, badInput = false) => ({ value, validity: { badInput } });

test("half a date or number, whose value is empty, does not clear what is held", () => {
  assert.equal(whatIsLeft(box("", true), "5"), "unfinished");
});

test("an emptied box clears, another value changes, the same does nothing", () => {
  assert.equal(whatIsLeft(box(""), "5"), "changed");
  assert.equal(whatIsLeft(box("8"), "5"), "changed");
  assert.equal(whatIsLeft(box("5"), "5"), "same");
});
