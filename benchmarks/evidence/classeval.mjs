// ClassEval classes 0-69: what static checks, docstring sessions and agreement by method say of whole classes and of
// methods, and what recombining methods gives. `--graded` are files of `funprm grade`; nothing is fitted but the order of
// evidence, which is chosen on the other folds' classes. Counts only, no code.
import { open } from "../door.mjs";
import { candidate, flag, table, writeResult } from "../grading/setup.mjs";
import { collect, digest, PRELOAD, readClasses, readGraded } from "./collect.mjs";
import { areaUnderCurve, bootstrap, foldOf, groupBy, mean, three } from "./statistics.mjs";

const {
  gradeCandidates,
  outlineOf,
  chooseMethods,
  withMethods,
  openSandbox,
  methodsOf,
  methodEvidence,
  classReward,
  methodReward,
  soundness,
} = await open(
  "gradeCandidates",
  "outlineOf",
  "chooseMethods",
  "withMethods",
  "openSandbox",
  "methodsOf",
  "methodEvidence",
  "classReward",
  "methodReward",
  "soundness",
);

const MOST = 5;
const python = flag("--python", "python3");
const cache = flag("--cache", "evidence-classeval.jsonl");
const files = process.argv.flatMap((each, at) => (each === "--graded" ? [process.argv[at + 1]] : []));
const classes = await readClasses();
const graded = await readGraded(files);
const known = await collect(classes, graded, { cache, python, jobs: 2 });

/** Groups of one class and one model, the first five samples; each with its evidence by method. */
const groups = [...graded].flatMap(([id, rows]) =>
  [...new Set(rows.map(({ model }) => model))].map((model) =>
    groupOf(
      id,
      model,
      rows.filter((row) => row.model === model),
    ),
  ),
);

/** The same candidates, all models of a class in one group. */
const POOLED = "all models of a class pooled";
const pooled = [...groupBy(groups, ({ id }) => id)].map(([id, each]) =>
  groupOf(
    id,
    POOLED,
    each.flatMap(({ candidates }) => candidates),
    Infinity,
  ),
);

function groupOf(id, model, rows, most = MOST) {
  const problem = classes.get(id);
  const candidates = rows.toSorted((a, b) => a.sample_index - b.sample_index).slice(0, most);
  const usable = candidates.filter(({ code }) => /\S/.test(code ?? ""));
  const programs = usable.map(({ code }) => programOf(id, code));
  const evidence = evidenceOf(id, programs);
  return { id, model, problem, candidates, usable, programs, evidence };
}

function programOf(id, code) {
  const { static: found, examples, further } = known.get(id).programs[digest(code)];
  return { soundness: found, shown: examples, further };
}

function evidenceOf(id, programs) {
  const { sessions, further } = known.get(id);
  const methods = methodsOf(classes.get(id).starterCode)
    .filter(({ bare }) => bare !== "__init__")
    .map(({ name }) => name);
  return methodEvidence({ methods, shown: sessions, further }, programs);
}

const over = (value) => (group) => group.evidence.map((methods) => mean([...methods.values()].map(value)));
const orders = {
  random: [],
  "longest program": [(group) => group.usable.map(({ code }) => code.length)],
  static: [(group) => group.programs.map((each) => soundness(each.soundness))],
  examples: [over(({ examples }) => examples ?? 0)],
  agreement: [over(({ agreement }) => agreement ?? 0)],
};
orders["static, examples"] = [...orders.static, ...orders.examples];
orders["static, agreement"] = [...orders.static, ...orders.agreement];
orders["static, examples, agreement"] = [...orders["static, examples"], ...orders.agreement];
orders["method rewards"] = [(group) => group.evidence.map(classReward)];
orders["static, examples, longest"] = [...orders["static, examples"], ...orders["longest program"]];
orders["method rewards, longest"] = [...orders["method rewards"], ...orders["longest program"]];

/** Positions of the tied best among the usable candidates. */
function best(group, criteria) {
  let left = group.usable.map((_, i) => i);
  for (const criterion of criteria) {
    const values = criterion(group).map((value) => Math.round(value * 1e9));
    const most = Math.max(...left.map((i) => values[i]));
    left = left.filter((i) => values[i] === most);
  }
  return left;
}

/** Share of the tied best that pass; without a program there is nothing to choose. */
const selected = (group, criteria) =>
  group.usable.length === 0
    ? 0
    : mean(best(group, criteria).map((i) => Number(group.usable[i].passed === true)));
const passes = (group) => group.candidates.filter(({ passed }) => passed === true).length;
const isMixed = (group) => passes(group) > 0 && passes(group) < group.candidates.length;
const mixed = groups.filter(isMixed);
const mixedPools = pooled.filter(isMixed);

// Random choice is among all candidates, those without a program included.
const share = (group, name) =>
  name === "random" ? passes(group) / group.candidates.length : selected(group, orders[name]);
const models = [...new Set(mixed.map(({ model }) => model))];
const withInterval = (values) => {
  const [low, high] = bootstrap(values.map(({ id, value }) => [id, value]));
  return `${three(mean(values.map(({ value }) => value)))} [${three(low)}, ${three(high)}]`;
};
const selectionRows = Object.keys(orders).map((name) => {
  const values = mixed.map((group) => ({ id: group.id, model: group.model, value: share(group, name) }));
  const each = models.map((model) =>
    three(mean(values.filter((v) => v.model === model).map((v) => v.value))),
  );
  const pools = mixedPools.map((group) => ({ id: group.id, value: share(group, name) }));
  return [name, withInterval(values), ...each, withInterval(pools)];
});

// The order of evidence is chosen on the other folds' classes; equals: the first.
const choosable = Object.keys(orders).filter((name) => name !== "random");
const FOLDS = 5;
const chosenBy = new Map();
const held = mixed.map((group) => {
  const fold = foldOf(group.id, FOLDS);
  const others = mixed.filter(({ id }) => foldOf(id, FOLDS) !== fold);
  const scores = choosable.map((name) => mean(others.map((each) => share(each, name))));
  const name = choosable[scores.indexOf(Math.max(...scores))];
  chosenBy.set(fold, name);
  return { id: group.id, value: share(group, name) };
});

/** Every method with a label: its evidence, whether it is right, and where it belongs. */
const labelled = groups.flatMap((group) =>
  group.usable.flatMap((row, i) =>
    (row.parts ?? []).flatMap(({ name, verdict }) => {
      const found = [...group.evidence[i]].find(([method]) => method.endsWith(`.${name}`));
      if (found === undefined) return [];
      const [method, evidence] = found;
      const same = `${group.id} ${group.model} ${method}`;
      return [
        {
          id: group.id,
          same,
          program: `${same.slice(0, -method.length)}${i}`,
          right: verdict === "pass",
          evidence,
        },
      ];
    }),
  ),
);
const rewardKinds = {
  static: ({ sound }) => Number(sound),
  examples: ({ examples }) => examples ?? 0.5,
  agreement: ({ agreement }) => agreement ?? 0.5,
  "step reward": methodReward,
};
const aucRows = Object.entries(rewardKinds).map(([name, value]) => {
  const rows = labelled.map((each) => ({ ...each, value: value(each.evidence) }));
  const whole = areaUnderCurve(rows);
  const [low, high] = bootstrapArea(rows);
  const within = (key) => {
    const areas = [...groupBy(rows, (row) => row[key]).values()]
      .map(areaUnderCurve)
      .filter((area) => area !== undefined);
    return `${three(mean(areas))} (${areas.length})`;
  };
  return [name, `${three(whole)} [${three(low)}, ${three(high)}]`, within("same"), within("program")];
});

function bootstrapArea(rows) {
  const byClass = groupBy(rows, ({ id }) => id);
  return bootstrap(
    [...byClass.keys()].map((id) => [id, id]),
    (ids) => areaUnderCurve(ids.flatMap((id) => byClass.get(id))),
    500,
  );
}

// What is wrong with programs that fail, compared with those that pass, in mixed groups.
const kinds = [
  "syntax",
  "missing",
  "signature",
  "stub",
  "no-return",
  "undefined",
  "attribute",
  "call",
  "import",
];
const rowsOf = (right) =>
  mixed
    .flatMap((group) => group.usable.map((row, i) => ({ row, program: group.programs[i] })))
    .filter(({ row }) => (row.passed === true) === right);
const kindRows = kinds.map((kind) => [
  kind,
  ...[false, true].map(
    (right) =>
      rowsOf(right).filter(({ program }) => program.soundness.findings.some((each) => each.kind === kind))
        .length,
  ),
]);

// Why the longest program wins: once for groups in which some program lacks something, once for the others.
const looksSound = (group) => group.programs.every((each) => soundness(each.soundness) === 0);
const lengthRows = [
  ["some program has a finding", mixed.filter((group) => !looksSound(group))],
  ["none has", mixed.filter(looksSound)],
].map(([name, own]) => [
  name,
  own.length,
  ...["random", "longest program", "static", "examples", "static, examples, longest"].map((each) =>
    three(mean(own.map((group) => share(group, each)))),
  ),
]);

// Recombination: the best-supported methods of all candidates in one class, kept where its own sessions speak for it.
const built = [...groups, ...pooled].map((group) => {
  const rewards = group.evidence.map(
    (methods) => new Map([...methods].map(([name, each]) => [name, methodReward(each)])),
  );
  const choice = chooseMethods(rewards);
  if (choice === undefined || choice.donors.size === 0) return { group };
  const outlines = group.usable.map(({ code }) => outlineOf(code));
  const donors = new Map([...choice.donors].map(([method, i]) => [method, outlines[i]]));
  return { group, base: choice.base, taken: donors.size, code: withMethods(outlines[choice.base], donors) };
});
const composites = groupBy(
  built.filter(({ code }) => code !== undefined).map(({ group, code }) => ({ problem_id: group.id, code })),
  ({ problem_id }) => problem_id,
);
for (const [id, row] of await collect(classes, composites, { cache, python, jobs: 2 })) known.set(id, row);
const kept = built.map((each) => {
  if (each.code === undefined) return each;
  const { group, base, code } = each;
  const evidence = evidenceOf(group.id, [...group.programs, programOf(group.id, code)]);
  return { ...each, kept: classReward(evidence.at(-1)) > classReward(evidence[base]) };
});
const verdicts = await gradeAll(kept.filter(({ code }) => code !== undefined));
const recombined = (each) =>
  each.kept === true
    ? verdicts.get(`${each.group.id} ${digest(each.code)}`)
    : selected(each.group, orders["method rewards"]);
/** Whether every method that has tests of its own is right in some candidate: what recombining could reach at best. */
const reachable = ({ candidates }) => {
  const rows = candidates.filter(({ parts }) => parts !== undefined);
  const names = new Set(
    rows.flatMap(({ parts }) => parts.map(({ name }) => name)).filter((name) => !/Test/.test(name)),
  );
  const right = (name) =>
    rows.some(({ parts }) => parts.some((part) => part.name === name && part.verdict === "pass"));
  return names.size > 0 && [...names].every(right);
};
const recombinationRows = [...models, undefined, POOLED].map((model) => {
  const own = kept.filter(({ group }) =>
    model === undefined ? group.model !== POOLED : group.model === model,
  );
  const sum = (value) => own.reduce((total, each) => total + Number(value(each)), 0).toFixed(1);
  return [
    model ?? "all of these",
    own.length,
    sum(({ group }) => passes(group) / group.candidates.length),
    sum(({ group }) => selected(group, orders["method rewards"])),
    sum(recombined),
    sum(({ group }) => passes(group) > 0),
    sum(({ group }) => passes(group) > 0 || reachable(group)),
    own.filter((each) => each.kept).length,
    own.filter((each) => each.kept && recombined(each) === 1 && passes(each.group) === 0).length,
    sum((each) =>
      each.kept === true ? Math.max(0, selected(each.group, orders["method rewards"]) - recombined(each)) : 0,
    ),
  ];
});

async function gradeAll(each) {
  const sandbox = await openSandbox({ python, jobs: 2, preload: PRELOAD });
  const found = new Map();
  async function* candidates() {
    const seen = new Set();
    for (const { group, code } of each) {
      const key = `${group.id} ${digest(code)}`;
      if (!seen.has(key)) yield candidate(group.id, seen.size, code);
      seen.add(key);
    }
  }
  for await (const graded of gradeCandidates(candidates(), async (id) => classes.get(id), sandbox, {
    timeoutMs: 2_000,
  }))
    found.set(
      `${graded.candidate.problemId} ${digest(graded.candidate.code)}`,
      Number(graded.verdict === "pass"),
    );
  await sandbox.close();
  return found;
}

const cost = [...known.values()];
const cpu =
  cost.reduce((sum, each) => sum + each.cpuMs, 0) / cost.reduce((sum, each) => sum + each.counted, 0);

writeResult(
  "evidence-classeval",
  "node benchmarks/evidence/classeval.mjs --graded FILE... --python PYTHON --cache FILE",
  [
    "# Evidence for classes and methods: ClassEval 0-69",
    "",
    `${groups.length} groups of one class and one model, the first ${MOST} samples; ${mixed.length} of them are mixed. ` +
      `Intervals: bootstrap over classes, 95 %. All evidence of a program costs ${cpu.toFixed(0)} CPU ms on average.`,
    "",
    "## Choosing whole classes in mixed groups",
    "",
    "Share of groups whose chosen program passes; ties count with their mean.",
    "",
    ...table(
      ["evidence, in this order", "all", ...models, `${POOLED} (${mixedPools.length})`],
      selectionRows,
    ),
    "",
    `The order chosen on the classes of the other ${FOLDS - 1} folds: ${withInterval(held)} (${[...new Set(chosenBy.values())].join("; ")}).`,
    "",
    "## What is wrong with programs as they stand (mixed groups)",
    "",
    ...table(
      ["finding", `failing programs (${rowsOf(false).length})`, `passing programs (${rowsOf(true).length})`],
      kindRows,
    ),
    "",
    "Whether length only stands for what is missing:",
    "",
    ...table(
      ["mixed groups", "groups", "random", "longest", "static", "examples", "static, examples, longest"],
      lengthRows,
    ),
    "",
    "## Step rewards of methods without a model",
    "",
    `AUC against the verdicts of the methods' own tests: ${labelled.length} methods, ${three(mean(labelled.map(({ right }) => Number(right))))} right.`,
    "",
    ...table(
      [
        "evidence",
        "all methods",
        "one method, a group's programs (groups)",
        "one program, its methods (programs)",
      ],
      aucRows,
    ),
    "",
    "## Function by function",
    "",
    "Classes solved, over all groups. `taken` groups have a recombined class that its own sessions prefer to the best whole candidate.",
    "",
    ...table(
      [
        "model",
        "groups",
        "random",
        "whole: method rewards",
        "recombined",
        "whole: oracle",
        "methods: oracle",
        "taken",
        "solved by no candidate",
        "lost",
      ],
      recombinationRows,
    ),
  ],
);
