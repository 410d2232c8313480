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

/** A terminal line is rewritten this often, a log gets a line this often. */
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;

export function createReporter(quiet: boolean, stream: NodeJS.WriteStream = process.stderr): Reporter {
  const error = (text: string): void => void stream.write(`funprm: ${text}\n`);
  if (quiet) return { note() {}, warn() {}, error, progress() {}, clear() {} };
  const live = stream.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb";
  let shownAt = live ? 0 : performance.now();
  let shown = false;
  // A rate is that of the work at hand, which may have begun long after the command.
  let current = { label: "", started: performance.now() };

  const clear = (): void => {
    if (shown) stream.write("\r\u001b[2K");
    shown = false;
  };
  const say = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
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
      if (current.label !== "" && current.label !== label) current = { label, started: now };
      else current = { ...current, label };
      if (now - shownAt < (live ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
      shownAt = now;
      const line = progressLine(label, done, total, (now - current.started) / 1000, detail);
      if (!live) {
        stream.write(`${line}\n`);
        return;
      }
      clear();
      stream.write(line.slice(0, Math.max(1, (stream.columns ?? 80) - 1)));
      shown = true;
    },
  };
}

function progressLine(
  label: string,
  done: number,
  total: number | undefined,
  seconds: number,
  detail: string | undefined,
): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const parts = [`${label} ${done}${total === undefined ? "" : `/${total}`}`, `${rate.toFixed(1)}/s`];
  if (total !== undefined && rate > 0) parts.push(`${duration((total - done) / rate)} left`);
  if (detail !== undefined) parts.push(detail);
  return parts.join("  ");
}

/** 75 -> "1m15s"; for people, so seconds are whole. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}m`;
}
