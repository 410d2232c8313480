import type { LineProgram } from "./line-program.ts";

/**
 * Continues a prefix as another program of its problem goes on behind the same line: of the places where that program
 * holds the prefix's last line, with its indentation, the one before which most lines agree. undefined where there is
 * none. `line`: the prefix's last line, as its position among the lines of code.
 */
export function spliced(program: LineProgram, line: number, donor: LineProgram): string | undefined {
  const own = textsOf(program).slice(0, line + 1);
  const others = textsOf(donor);
  let best = -1;
  let agreed = 0;
  for (let at = 0; at < others.length; at += 1) {
    let same = 0;
    while (same <= at && same <= line && own[line - same] === others[at - same]) same += 1;
    if (same > agreed) [best, agreed] = [at, same];
  }
  const last = donor.lines[donor.ofCode[best] ?? -1];
  const end = program.lines[program.ofCode[line] ?? -1]?.end;
  if (last === undefined || end === undefined) return undefined;
  const begun = program.code.slice(0, end);
  return `${begun.endsWith("\n") ? begun : `${begun}\n`}${donor.code.slice(last.end)}`;
}

const texts = new WeakMap<LineProgram, readonly string[]>();

/** Lines of code with their indentation, without blank lines before and white space behind. */
function textsOf(program: LineProgram): readonly string[] {
  const known = texts.get(program);
  if (known !== undefined) return known;
  const made = program.ofCode.map((at) => {
    const { start, end } = program.lines[at] ?? { start: 0, end: 0 };
    return program.code
      .slice(start, end)
      .trimEnd()
      .replace(/^(?:[ \t\f]*\r?\n)+/, "");
  });
  texts.set(program, made);
  return made;
}
