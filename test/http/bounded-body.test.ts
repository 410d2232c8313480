import { expect, test } from "vitest";
import { boundedBody, errorText } from "../../src/http/bounded-body.ts";

/** A body without an end; `taken` says how much of it was asked for. */
function endless(): { readonly body: AsyncGenerator<Uint8Array>; readonly taken: () => number } {
  let bytes = 0;
  const body = (async function* () {
    for (;;) {
      bytes += 1000;
      yield Buffer.alloc(1000, "x");
    }
  })();
  return { body, taken: () => bytes };
}

async function lengthOf(body: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}

test("an answer without an end is given up once it passes the bound", async () => {
  const { body, taken } = endless();
  await expect(lengthOf(boundedBody(body, 5_500))).rejects.toMatchObject({
    code: "api",
    message: expect.stringMatching(/more than 5500 bytes/),
  });
  expect(taken()).toBe(6_000);
});

test("an answer within the bound is the same", async () => {
  const chunks = (async function* () {
    yield Buffer.from("ab");
    yield Buffer.from("c");
  })();
  expect(await lengthOf(boundedBody(chunks, 3))).toBe(3);
});

test("of an error without an end the beginning is read", async () => {
  const { body, taken } = endless();
  expect(await errorText(body, 2_500)).toBe("x".repeat(2_500));
  expect(taken()).toBe(3_000);
  expect(await errorText(null)).toBe("");
});
