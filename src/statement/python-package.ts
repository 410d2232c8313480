import { readFileSync } from "node:fs";
import { basename } from "node:path";

/**
 * A folder of Python modules as one program for the sandbox, which sees no file of ours: the modules become a package,
 * and the last one is bound to the folder's name. `modules` are file names in the order of their imports.
 */
export function pythonPackage(folder: URL, modules: readonly string[]): string {
  const name = basename(folder.pathname);
  const sources = modules.map((module) => [
    module.replace(/\.py$/, ""),
    readFileSync(new URL(module, folder), "utf8"),
  ]);
  return `${LOADER}\n${name} = load(${JSON.stringify(name)}, ${JSON.stringify(sources)})\n`;
}

/** JSON's strings and lists are Python's too. */
const LOADER = `
def load(name, sources):
    import sys, types
    package = types.ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    for module_name, source in sources:
        module = types.ModuleType("%s.%s" % (name, module_name))
        module.__package__ = name
        sys.modules[module.__name__] = module
        exec(compile(source, module_name + ".py", "exec"), module.__dict__)
    return module
`;
