// Puts two packages into dist/bundled/, so that no user installs them: transformers.js brings 180 MB that nothing
// here uses, and onnxruntime-node runs a script that downloads CUDA libraries and fails where it cannot.
import { copyFileSync, linkSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const modules = realpathSync(fileURLToPath(new URL("../node_modules", import.meta.url)));
const transformers = join(modules, "@huggingface/transformers");
/** onnxruntime-node's libraries: a folder for each platform, in it one for each architecture. */
const libraries = join(modules, "onnxruntime-node/bin/napi-v6");
/** All that a session on the CPU loads. The rest is DirectML of Windows and a second copy of the library of macOS. */
const LOADED = new Set([
  "onnxruntime_binding.node",
  "libonnxruntime.so.1",
  "libonnxruntime.1.dylib",
  "onnxruntime.dll",
]);

/** Bundles the modules that the compiler wrote to `folder`, dist/bundled/, each into itself. */
export async function bundlePackages(folder) {
  await bundle(join(folder, "transformers.js"), tokenizersOnly);
  await bundle(join(folder, "onnxruntime.js"), librariesBeside);
  for (const path of readdirSync(libraries, { recursive: true, encoding: "utf8" })) {
    if (LOADED.has(basename(path))) place(join(libraries, path), join(folder, "onnxruntime", path));
  }
}

async function bundle(module, plugin) {
  await build({
    entryPoints: [module],
    outfile: module,
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    charset: "utf8",
    legalComments: "inline",
    logLevel: "warning",
    // Bundled CommonJS calls require.
    banner: {
      js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
    plugins: [plugin],
  });
}

/** Takes the sources of transformers.js, of which unused modules can be left out, and no ONNX Runtime with them. */
const tokenizersOnly = {
  name: "tokenizers-only",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@huggingface\/transformers$/ }, () => ({
      path: join(transformers, "src/transformers.js"),
      sideEffects: false,
    }));
    onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) =>
      importer.startsWith(transformers) ? { path: join(resolveDir, path), sideEffects: false } : undefined,
    );
    onLoad({ filter: /[\\/]backends[\\/]onnx\.js$/ }, () => ({ contents: "module.exports = {};" }));
  },
};

/** Binds each platform's library from the folder beside the module. */
const librariesBeside = {
  name: "libraries-beside",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.node$/ }, ({ path }) => {
      const beside = `./onnxruntime/${relative(libraries, path).replaceAll("\\", "/")}`;
      return { contents: `module.exports = require(${JSON.stringify(beside)});` };
    });
    onResolve({ filter: /^\.\/onnxruntime\// }, ({ path }) => ({ path, external: true }));
  },
};

/** A second name for a file, since the libraries are large; a copy where the file system gives none. */
function place(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
