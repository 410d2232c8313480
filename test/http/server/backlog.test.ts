import { expect, it } from "vitest";
import { Backlog } from "../../../src/http/server/backlog.ts";

it("holds so many over all requests, and makes room when one ends", async () => {
  const backlog = new Backlog(10, "programs");
  let end = (): void => {};
  const first = backlog.holding(7, () => new Promise<void>((resolve) => (end = resolve)));
  await expect(backlog.holding(4, async () => {})).rejects.toMatchObject({ status: 429, retryAfterS: 2 });
  expect(await backlog.holding(3, async () => backlog.held)).toBe(10);
  end();
  await first;
  expect(backlog.held).toBe(0);
  await expect(backlog.holding(11, async () => {})).rejects.toMatchObject({ status: 413 });
  await expect(backlog.holding(1, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(backlog.held).toBe(0);
});
