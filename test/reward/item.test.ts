import { describe, expect, it } from "vitest";
import { readItem, readRequest } from "../../src/reward/item.ts";

const read = (json: string) => () => readRequest(json, "request");

describe("a request", () => {
  it("keeps the numbers of tests as they were written", () => {
    const problem =
      '{"id": "p", "statement": "s", "tests": [{"args": [1.0, 12345678901234567890], "expected": 2.50}]}';
    const { items } = readRequest(
      `{"items": [{"problem": "known", "program": ""}, {"program": "x", "problem": ${problem}}]}`,
      "request",
    );
    expect(items.map((item) => item.problem)).toEqual([{ id: "known" }, { text: problem }]);
    expect(readItem(`{"problem": ${problem}, "program": "x"}`, "line").problem).toEqual({ text: problem });
  });

  it("asks for functions and verdicts unless it says otherwise", () => {
    const request = readRequest('{"items": [{"problem": "p", "program": ""}]}', "request");
    expect(request).toMatchObject({ prm: false, outcome: "passed" });
    expect(request).not.toHaveProperty("shape");
  });

  it.each([
    ['{"items": []}', /field "items": expected/],
    ['{"items": [{"problem": "p"}]}', /field "items\[0\]": expected either "program" or "completion"/],
    ['{"items": [{"problem": "p", "program": "", "completion": ""}]}', /either "program" or "completion"/],
    [
      '{"items": [{"problem": "p", "program": 3}]}',
      /field "items\[0\]\.program": expected a string, got the number 3/,
    ],
    ['{"items": [{"problem": "p", "program": "", "extra": 1}]}', /no field "extra"/],
    [
      '{"items": [{"problem": "p", "program": ""}], "steps": "program"}',
      /"steps": expected one of "function"/,
    ],
    ['{"items": [{"problem": "p", "program": "", "line_rewards": [2]}]}', /line_rewards/],
    ["[]", /expected a JSON object, got a list/],
    ["{", /expected a JSON object/],
  ])("is refused with the field that is wrong: %s", (json, message) => {
    expect(read(json)).toThrow(message);
    expect(read(json)).toThrow(expect.objectContaining({ code: "input" }));
  });
});
