import { expect, test } from "vitest";
import { shownJson } from "../../src/core/shown-json.ts";
import { readErrorBody } from "../../src/http/error-body.ts";
import { parseManifest } from "../../src/prm/manifest/manifest.ts";

const DEEP = "[".repeat(100_000) + "]".repeat(100_000);

test("shows JSON, and says so where it cannot", () => {
  expect(shownJson({ a: [1, "x"] })).toBe('{"a":[1,"x"]}');
  expect(shownJson(undefined)).toBe("nothing");
  expect(shownJson(10n ** 400n)).toBe(String(10n ** 400n));
  expect(shownJson(JSON.parse(DEEP))).toMatch(/nested too deep/);
});

test.each([DEEP, `{"error": ${DEEP}}`, `{"error": {"message": ${DEEP}}}`])(
  "an error of a server that is nested deep is an error: %#",
  (body) => expect(readErrorBody(body).message).toMatch(/nested too deep/),
);

test.each([DEEP, `{"label": ${DEEP}}`])("a manifest that is nested deep is refused: %#", (text) => {
  expect(() => parseManifest(text, "prm.json")).toThrow(/prm\.json does not describe a PRM/);
});
