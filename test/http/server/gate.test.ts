import { expect, it } from "vitest";
import { Gate } from "../../../src/http/server/gate.ts";

const signal = new AbortController().signal;

/** Work that goes on until it is let go. */
function work(): { readonly body: () => Promise<string>; readonly letGo: (value: string) => void } {
  let letGo = (_value: string): void => {};
  const promise = new Promise<string>((resolve) => (letGo = resolve));
  return { body: () => promise, letGo: (value) => letGo(value) };
}

it("lets in as many as it should, in their order, and turns away whoever finds the queue full", async () => {
  const gate = new Gate({ name: "requests", atOnce: 1, queue: 1 });
  const first = work();
  const inside = gate.through(signal, first.body);
  const order: string[] = [];
  const waiting = gate.through(signal, async () => order.push("second"));
  expect([gate.inside, gate.waiting]).toEqual([1, 1]);
  await expect(gate.through(signal, first.body)).rejects.toMatchObject({ status: 429, retryAfterS: 2 });
  first.letGo("done");
  expect(await inside).toBe("done");
  await waiting;
  expect(order).toEqual(["second"]);
  expect([gate.inside, gate.waiting]).toEqual([0, 0]);
});

it("forgets whoever goes while waiting", async () => {
  const gate = new Gate({ name: "requests", atOnce: 1, queue: 5 });
  const first = work();
  const inside = gate.through(signal, first.body);
  const client = new AbortController();
  const waiting = gate.through(client.signal, async () => "never");
  client.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  expect(gate.waiting).toBe(0);
  await expect(gate.through(client.signal, async () => "never")).rejects.toThrow("gone");
  first.letGo("done");
  await inside;
  expect(await gate.through(signal, async () => "next")).toBe("next");
});

it("goes on after work that fails", async () => {
  const gate = new Gate({ name: "requests", atOnce: 1, queue: 0 });
  const failing = gate.through(signal, () => Promise.reject(new Error("broken")));
  await expect(failing).rejects.toThrow("broken");
  expect(await gate.through(signal, async () => "next")).toBe("next");
});
