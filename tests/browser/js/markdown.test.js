import assert from "node:assert/strict";
import { test } from "node:test";
import { ALLOWED } from "../../../board/static/board/markdown.js";

test("a description cannot dress up as a part of the page", () => {
  for (const attribute of ["class", "id", "style"]) assert.ok(ALLOWED.FORBID_ATTR.includes(attribute), attribute);
  assert.equal(ALLOWED.ALLOW_DATA_ATTR, false);
});
