import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { countCores, physicalCores } from "../../../src/prm/scoring/physical-cores.ts";

const processor = (socket: number, core: number) =>
  `processor\t: 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\nflags\t: x`;

test("two threads of a core count once, equal core ids of two sockets twice", () => {
  const info = [processor(0, 0), processor(0, 1), processor(0, 0), processor(0, 1), processor(1, 0)].join(
    "\n\n",
  );
  expect(countCores(info)).toBe(3);
});

test("a list without cores counts none, and then every processor is one", () => {
  expect(countCores("processor\t: 0\nBogoMIPS\t: 50\n\n")).toBe(0);
  expect(physicalCores()).toBeGreaterThanOrEqual(1);
  expect(physicalCores()).toBeLessThanOrEqual(availableParallelism());
});
