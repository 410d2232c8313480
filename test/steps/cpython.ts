/** What CPython says of programs, where a python3 is at hand. */
import { spawnSync } from "node:child_process";

/** The program compiles: names of its functions and methods with their last lines. It does not: why. */
export type Word = { readonly ends: readonly (readonly [string, number])[] } | { readonly error: string };

const SCRIPT = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
def ends(body, prefix):
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + node.name, node.end_lineno
        elif isinstance(node, ast.ClassDef):
            yield from ends(node.body, prefix + node.name + ".")
def word(code):
    try:
        compile(code, "program", "exec", dont_inherit=True)
        return {"ends": list(ends(ast.parse(code).body, ""))}
    except (SyntaxError, ValueError) as error:
        return {"error": str(error)}
json.dump([word(code) for code in json.load(sys.stdin)], sys.stdout)
`;

/** undefined where there is no python3 from 3.8 on, which this says of itself. */
export function cpython(programs: readonly string[]): Word[] | undefined {
  const input = JSON.stringify(programs);
  const { status, stdout } = spawnSync("python3", ["-I", "-c", SCRIPT], { input, maxBuffer: 1e9 });
  if (status !== 0) return undefined;
  const words: Word[] = JSON.parse(stdout.toString());
  return words;
}
