/** However often a form is sent, what it asks for is done once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Submission } from "../../../board/static/board/submission.js";
import { settled } from "./fakes.js";

/** A form whose sending ends when the test says so. */
function setUp() {
  const form = new Submission();
  const sent = [];
  const submit = (name) => form.send({ name }, (cid) => new Promise((resolve, reject) => { sent.push({ cid, end: resolve, fail: reject }); }));
  return { form, sent, submit };
}

test("while it is on its way it is not sent again", async () => {
  const { form, sent, submit } = setUp();
  submit("Doing");
  submit("Doing");
  assert.deepEqual([sent.length, form.busy.value], [1, true]);

  sent[0].end(true);
  await settled();

  assert.equal(form.busy.value, false);
});

test("it keeps its key until it is done, and then takes another", async () => {
  const { sent, submit } = setUp();
  for (const done of [false, true, true]) {
    submit("Doing");
    sent.at(-1).end(done);
    await settled();
  }

  assert.equal(sent[0].cid, sent[1].cid);
  assert.notEqual(sent[1].cid, sent[2].cid);
});

test("other words are another wish, under a key of their own", async () => {
  const { sent, submit } = setUp();
  submit("Doing");
  sent[0].end(false);
  await settled();
  submit("Done");

  assert.notEqual(sent[0].cid, sent[1].cid);
});

test("a failure nobody foresaw leaves the form usable", async () => {
  const { form, sent, submit } = setUp();
  const failed = submit("Doing");
  sent[0].fail(new Error("broken"));

  await assert.rejects(failed, /broken/);
  assert.equal(form.busy.value, false);
});
