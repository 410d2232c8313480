import { ObservedSandbox } from "../../sandbox/observed-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** A sandbox that remembers whether it failed itself, which says nothing about the program. */
export class WatchedSandbox extends ObservedSandbox {
  failed = false;

  constructor(sandbox: Sandbox) {
    super(sandbox, ({ status }) => {
      if (status === "infra") this.failed = true;
    });
  }
}
