import { execFileSync } from "node:child_process";
import { z } from "zod";

/** What CPython's own parser sees in a program: its functions from top to bottom and the code below them. */
const outlineSchema = z.object({
  functions: z.array(
    z.object({
      name: z.string(),
      /** Name of the class around it, "" at top level. */
      owner: z.string(),
      /** Whether it is inside another function. */
      nested: z.boolean(),
      signature: z.string(),
      docstring: z.string(),
    }),
  ),
  /** Statements of the module below the last function or class. */
  after: z.array(z.string()),
});

export type Outline = z.infer<typeof outlineSchema>;

const SCRIPT = `
import ast, json, sys

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

def outline(source):
    tree = ast.parse(source)
    functions = []
    visit(tree, "", False, functions)
    last = max((i for i, node in enumerate(tree.body) if isinstance(node, DEFINITIONS)), default=-1)
    return {"functions": functions, "after": [ast.unparse(node) for node in tree.body[last + 1:]]}

def visit(node, owner, nested, found):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            visit(child, child.name, nested, found)
        elif isinstance(child, DEFINITIONS):
            returns = "" if child.returns is None else " -> " + ast.unparse(child.returns)
            found.append({"name": child.name, "owner": owner, "nested": nested,
                          "signature": "(" + ast.unparse(child.args) + ")" + returns,
                          "docstring": ast.get_docstring(child) or ""})
            visit(child, owner, True, found)
        else:
            visit(child, owner, nested, found)

print(json.dumps([outline(source) for source in json.load(sys.stdin)]))
`;

/** Outlines of many programs by one Python process; throws when one does not parse. */
export function readOutlines(programs: readonly string[]): Outline[] {
  const output = execFileSync("python3", ["-I", "-c", SCRIPT], {
    input: JSON.stringify(programs),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return z.array(outlineSchema).parse(JSON.parse(output));
}

export function readOutline(program: string): Outline {
  const [outline] = readOutlines([program]);
  if (outline === undefined) throw new Error("no outline came back");
  return outline;
}
