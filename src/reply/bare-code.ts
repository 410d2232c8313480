import { lineKind, PythonLines } from "./python-text.ts";

/**
 * The program in a text without code fences: the longest stretch of lines that reads as Python, counted in lines of
 * code, a stretch that `prefers` accepts before any other. A stretch begins at a line that only Python has and ends before
 * a line of prose at the outermost level. "" when there is none.
 */
export function bareCode(text: string, prefers: (code: string) => boolean): string {
  let best = { start: 0, end: 0, lines: 0, preferred: false };
  let run: { start: number; end: number; lines: number } | null = null;
  let state = new PythonLines();
  const finish = (): void => {
    if (run === null) return;
    const preferred = prefers(text.slice(run.start, run.end));
    if (preferred === best.preferred ? run.lines > best.lines : preferred) best = { ...run, preferred };
    run = null;
  };
  const ends = /\r\n|\r|\n|$/g;
  for (let start = 0; start < text.length; start = ends.lastIndex) {
    ends.lastIndex = start;
    const end = ends.exec(text)?.index ?? text.length;
    const line = text.slice(start, end);
    if (line.trim() !== "") {
      const outermost = !state.isInside && !/^[ \t]/.test(line);
      const kind = outermost ? lineKind(line) : "weak";
      if (kind === "prose") finish();
      if (run === null && kind === "strong") {
        run = { start, end, lines: 0 };
        state = new PythonLines();
      }
      if (run !== null) {
        state.take(line);
        run.end = end;
        if (!line.trimStart().startsWith("#")) run.lines += 1;
      }
    }
    if (ends.lastIndex === text.length) break;
  }
  finish();
  return text.slice(best.start, best.end);
}
