import type { ErrorBody } from "./error-body.ts";
import type { Completion } from "../llm/completion.ts";

/** How one HTTP request ended. Only `lost` may have been billed without an answer reaching us. */
export type Attempt =
  | { readonly kind: "answered"; readonly completion: Completion; readonly requestId?: string }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly error: ErrorBody;
      /** Milliseconds the server asks to wait. */
      readonly retryAfterMs?: number | undefined;
      /** The server's own word on sending again (`x-should-retry`). */
      readonly shouldRetry?: boolean | undefined;
      readonly requestId?: string;
    }
  /** The connection never stood: nothing was sent. `hopeless`: the same will happen again (bad certificate). */
  | { readonly kind: "unreachable"; readonly why: string; readonly hopeless: boolean }
  /** Sent, and no usable answer came: cut connection, timeout, malformed body. */
  | { readonly kind: "lost"; readonly why: string }
  /** The user's grace for requests under way has run out. */
  | { readonly kind: "aborted" };
