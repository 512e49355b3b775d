/** Signing in anew in another tab changes the token; this tab uses the new one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, Refusal } from "../../../board/static/board/api.js";
import { csrfToken } from "../../../board/static/board/csrf.js";
import { Reach } from "../../../board/static/board/reach.js";
import { ending } from "../../../board/static/board/live-sign.js";

test("the token is the cookie's, and the page's own only where there is no cookie", () => {
  assert.equal(csrfToken("old", "a=1; csrftoken=new; b=2"), "new");
  assert.equal(csrfToken("old", "xcsrftoken=wrong"), "old");
});

test("each request reads the token anew", async () => {
  const tokens = ["first", "second"];
  const sent = [];
  const fetch = async (url, { headers }) => { sent.push(headers["X-CSRFToken"]); return new Response("{}"); };
  const api = new Api({ csrf: () => tokens[sent.length], fetch });

  await api.ticket(7);
  await api.ticket(7);

  assert.deepEqual(sent, ["first", "second"]);
});

async function told(status, body) {
  const said = [];
  await new Reach((code) => said.push(code)).tryTo(async () => { throw new Refusal(status, body); });
  return said;
}

test("a request refused for its token ends nothing; the board's own no does", async () => {
  assert.deepEqual(await told(403, { code: "forbidden", message: "CSRF Failed: CSRF token incorrect." }), []);
  assert.deepEqual(await told(404, {}), []);
  assert.deepEqual(await told(401, { code: "not_signed_in" }), ["not_signed_in"]);
  assert.deepEqual(await told(404, { code: "not_found" }), ["not_found"]);
});

test("only who was signed out is told so", () => {
  assert.match(ending("not_signed_in"), /signed out/);
  for (const why of ["forbidden", "not_found"]) assert.match(ending(why), /no longer a member/);
  assert.match(ending("4504"), /4504/);
});
