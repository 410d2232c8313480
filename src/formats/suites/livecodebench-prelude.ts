/** What LiveCodeBench's own runner puts before every program. */
export const LIVECODEBENCH_PRELUDE = [
  ..."string re datetime collections heapq bisect copy math random statistics itertools functools operator io sys json builtins typing"
    .split(" ")
    .map((name) => `from ${name} import *`),
  ..."string re datetime collections heapq bisect copy math random statistics itertools functools operator io sys json"
    .split(" ")
    .map((name) => `import ${name}`),
  "sys.setrecursionlimit(50000)",
  "",
].join("\n");
