import type { Drawer } from "./drawer.ts";
import { satisfies } from "./satisfy.ts";
import type { Choices, Profile } from "./profile.ts";
import type { InputModel, Value } from "../input-model.ts";

/** Nothing is cut off: sizes and values come from their whole ranges. */
const WHOLE: Profile = {
  why: "",
  size: Number.POSITIVE_INFINITY,
  sizes: "random",
  values: "wide",
  span: 100,
};

/**
 * Every value that a model allows where these are at most `most`; undefined where there are more. The drawer is run
 * again and again with the next sequence of choices in order, so that nothing but the drawer knows the space.
 */
export function enumerated(drawer: Drawer, model: InputModel, most: number): Value[] | undefined {
  const found = new Map<string, Value>();
  const path: { choice: number; readonly bound: number }[] = [];
  for (let run = 0; run < 2 * most; run++) {
    let depth = 0;
    let tooWide = false;
    const choices: Choices = {
      below: (bound) => {
        if (bound > most || depth > 40) {
          tooWide = true;
          return 0;
        }
        const step = path[depth] ?? { choice: 0, bound };
        path[depth] = step;
        depth++;
        return step.choice;
      },
    };
    const value = drawer.draw(WHOLE, choices);
    if (tooWide) return undefined;
    if (value !== undefined && satisfies(model, value)) found.set(JSON.stringify(value), value);
    path.length = depth;
    for (let last = path.at(-1); last !== undefined && last.choice + 1 >= last.bound; last = path.at(-1))
      path.pop();
    const last = path.at(-1);
    if (last === undefined) return [...found.values()];
    last.choice++;
  }
  return undefined;
}
