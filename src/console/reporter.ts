import { duration } from "./duration.ts";
import { printable } from "./printable.ts";

/** Notes and progress for people, on stderr; silent under --quiet, plain where stderr is no terminal. */
export interface Reporter {
  note(text: string): void;
  warn(text: string): void;
  /** Said under --quiet too. */
  error(text: string): void;
  /** Shows how far long work is; `total` is absent while unknown. */
  progress(label: string, done: number, total?: number, detail?: string): void;
  /** Removes the progress line, so that what is printed next starts clean. */
  clear(): void;
}

/** What a reporter writes to: stderr. */
interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A terminal line is rewritten this often, a log gets a line this often. */
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;

export function createReporter(quiet: boolean, stream: Screen = process.stderr): Reporter {
  const error = (text: string): void => void stream.write(`funprm: ${printable(text)}\n`);
  if (quiet) return { note() {}, warn() {}, error, progress() {}, clear() {} };
  const live = stream.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb";
  let shownAt = live ? 0 : performance.now();
  let shown = false;
  // A rate is that of the work at hand, which may have begun long after the command, and with some of it done.
  let current = { label: "", started: performance.now(), before: 0 };

  const clear = (): void => {
    if (shown) stream.write("\r\u001b[2K");
    shown = false;
  };
  const say = (text: string): void => {
    clear();
    stream.write(`${printable(text)}\n`);
  };
  return {
    note: say,
    warn: (text) => say(`warning: ${text}`),
    error(text) {
      clear();
      error(text);
    },
    clear,
    progress(label, done, total, detail) {
      const now = performance.now();
      if (current.label !== label) current = { label, started: now, before: done };
      if (now - shownAt < (live ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
      shownAt = now;
      const line = printable(
        progressLine({ label, done, total, detail }, done - current.before, (now - current.started) / 1000),
      );
      if (!live) {
        stream.write(`${line}\n`);
        return;
      }
      clear();
      // A terminal that does not know its size says 0.
      stream.write(line.slice(0, Math.max(1, (stream.columns || 80) - 1)));
      shown = true;
    },
  };
}

interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly detail: string | undefined;
}

/** `measured` of what is done was done in so many seconds. */
function progressLine({ label, done, total, detail }: Progress, measured: number, seconds: number): string {
  const rate = seconds > 0 ? measured / seconds : 0;
  const parts = [`${label} ${done}${total === undefined ? "" : `/${total}`}`, `${rate.toFixed(1)}/s`];
  if (total !== undefined && rate > 0) parts.push(`${duration((total - done) / rate)} left`);
  if (detail !== undefined && detail !== "") parts.push(detail);
  return parts.join("  ");
}
