/** What the documentation's search finds, and in which order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ranked } from "../../../docs/static/js/ranking.js";

const PAGES = [
  { url: "/nginx/", title: "Run behind nginx", text: "One address for all.", tags: ["proxy", "tls"], headings: [["tls", "TLS"]] },
  { url: "/hub/", title: "Run the hub", text: "In one process or in many, behind nginx.", tags: [], headings: [["several-processes", "Several processes"]] },
  { url: "/s3/", title: "Publish to S3", text: "A bucket.", tags: ["boto3"], headings: [] },
];
const urls = (query) => ranked(PAGES, query).map(({ url }) => url);

test("a word in a title counts more than one in the text", () => {
  assert.deepEqual(urls("nginx"), ["/nginx/", "/hub/"]);
});

test("every word has to be found", () => {
  assert.deepEqual(urls("nginx bucket"), []);
});

test("the beginning of a word is enough, in capitals or not", () => {
  assert.deepEqual(urls("PUBL"), ["/s3/"]);
});

test("a heading is led to by its id, with its page below", () => {
  assert.deepEqual(ranked(PAGES, "several")[0], { url: "/hub/#several-processes", title: "Several processes", text: "Run the hub", score: 12 });
});

test("a page is found by its tags", () => {
  assert.deepEqual(urls("boto3"), ["/s3/"]);
});

test("a page that lacks headings is no fault", () => {
  assert.deepEqual(ranked([{ url: "/a/", title: "A page", text: "", tags: [] }], "page").length, 1);
});

test("no word finds nothing", () => {
  assert.deepEqual(urls(" .,! "), []);
});
