import type { Reporter } from "../console/reporter.ts";
import type { OpenMethod } from "../solve/open-method.ts";
import type { Gate } from "../http/server/gate.ts";
import type { ServeSettings } from "./settings.ts";
import type { Upstream } from "./upstream.ts";

/** What every route works with. */
export interface ServeContext {
  readonly settings: ServeSettings;
  readonly upstream: Upstream;
  readonly open: OpenMethod;
  readonly report: Reporter;
  readonly gates: Gates;
  /** Aborted: nothing new is taken. */
  readonly stopping: AbortSignal;
  /** Aborted: what is under way ends. */
  readonly cut: AbortSignal;
}

/** Best-of-N and reranking share the processors; what is passed through costs a connection. */
interface Gates {
  readonly chosen: Gate;
  readonly passed: Gate;
}
