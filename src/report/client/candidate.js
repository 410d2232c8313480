/** One candidate: its table row, and its pane with verdict, first failing test and code. */
import { codeView } from "./code.js";
import { element, rewardText } from "./dom.js";

/** @typedef {import("./data.js").CandidateReport} CandidateReport */

/**
 * @param {CandidateReport} candidate
 * @returns {HTMLElement}
 */
function verdictChip({ passed, verdict }) {
  const words = (verdict ?? (passed === null ? "not judged" : passed ? "pass" : "fail")).replaceAll("_", " ");
  if (passed === null) return element("span", { class: "chip" }, `? ${words}`);
  return element("span", { class: passed ? "chip pass" : "chip fail" }, passed ? `✓ ${words}` : `✗ ${words}`);
}

/** @type {readonly { readonly name: string, readonly title: string, readonly text: (candidate: CandidateReport) => string | undefined }[]} */
const EVIDENCE = [
  {
    name: "Examples",
    title: "examples of the statement that it passes, of those that say",
    text: ({ examples }) => (examples === undefined ? undefined : `${examples.passed}/${examples.judged}`),
  },
  {
    name: "Agree",
    title: "candidates with the same outputs, itself included",
    text: ({ agreeing }) => agreeing?.toString(),
  },
  {
    name: "Large",
    title: "large inputs answered in time",
    text: ({ largeInputsAnswered }) => largeInputsAnswered?.toString(),
  },
  {
    name: "Chance",
    title: "chance that it is right, by what running the candidates showed",
    text: ({ passProbability }) =>
      passProbability === undefined ? undefined : `${Math.round(100 * passProbability)} %`,
  },
  {
    name: "Reward",
    title: "aggregated reward of its steps",
    text: ({ reward }) => (reward === undefined ? undefined : reward === null ? "–" : rewardText(reward)),
  },
];

/**
 * All candidates with their evidence; a column is there when some candidate has it.
 *
 * @param {readonly CandidateReport[]} candidates
 * @param {number | null} chosen
 * @param {(position: number) => void} onPick
 * @returns {HTMLTableElement}
 */
export function candidateTable(candidates, chosen, onPick) {
  const columns = EVIDENCE.filter(({ text }) =>
    candidates.some((candidate) => text(candidate) !== undefined),
  );
  return element(
    "table",
    { class: "figures candidates" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        element("th", { scope: "col" }, "Sample"),
        element("th", { scope: "col" }, "Verdict"),
        ...columns.map(({ name, title }) =>
          element("th", { scope: "col" }, element("abbr", { title }, name)),
        ),
      ),
    ),
    element(
      "tbody",
      {},
      ...candidates.map((candidate, position) => {
        const button = element(
          "button",
          { type: "button", class: "pick", "data-position": position },
          String(candidate.sampleIndex),
        );
        const marks = [
          ...(position === chosen
            ? [
                element(
                  "span",
                  { class: "star", title: "the choice", "aria-label": "the choice", role: "img" },
                  "★",
                ),
              ]
            : []),
          ...(candidate.duplicateOf === null
            ? []
            : [
                element(
                  "span",
                  { class: "same", title: "same code" },
                  `= ${candidates[candidate.duplicateOf]?.sampleIndex ?? candidate.duplicateOf}`,
                ),
              ]),
        ];
        const row = element(
          "tr",
          { "data-position": position },
          element("th", { scope: "row" }, button, ...marks),
          element("td", {}, verdictChip(candidate)),
          ...columns.map(({ text }) => element("td", {}, text(candidate) ?? "")),
        );
        row.addEventListener("click", () => onPick(position));
        return row;
      }),
    ),
  );
}

/**
 * @param {CandidateReport} candidate
 * @param {{ readonly chosen: boolean, readonly tools: HTMLElement }} about
 * @returns {HTMLElement}
 */
export function candidatePane(candidate, { chosen, tools }) {
  const facts = [
    candidate.model,
    typeof candidate.reward === "number" ? `reward ${rewardText(candidate.reward)}` : undefined,
    candidate.steps === undefined ? undefined : `${candidate.steps.length} steps`,
  ].filter((fact) => fact !== undefined);
  return element(
    "article",
    { class: "pane", "aria-label": `Sample ${candidate.sampleIndex}` },
    element(
      "header",
      {},
      element("h2", {}, `Sample ${candidate.sampleIndex}`),
      verdictChip(candidate),
      chosen ? element("span", { class: "star" }, "★ chosen") : null,
      element("span", { class: "pane-facts" }, facts.join(" · ")),
      tools,
    ),
    ...candidate.warnings.map((warning) => element("p", { class: "warning" }, warning)),
    failedTestView(candidate),
    candidate.code.trim() === ""
      ? element("p", { class: "empty" }, "The reply holds no program.")
      : codeView(candidate),
  );
}

/**
 * @param {CandidateReport} candidate
 * @returns {HTMLElement | null}
 */
function failedTestView({ failedTest }) {
  if (failedTest === undefined) return null;
  const { index, name, input, expected, actual, message } = failedTest;
  /** @param {string} label @param {string | undefined} text */
  const part = (label, text) =>
    text === undefined
      ? null
      : element("div", {}, element("dt", {}, label), element("dd", {}, element("pre", {}, text)));
  return element(
    "section",
    { class: "failed" },
    element("h3", {}, `First test that fails: ${name ?? `number ${index + 1}`}`),
    message === undefined ? null : element("p", { class: "message" }, message),
    element("dl", {}, part("Input", input), part("Expected", expected), part("Actual", actual)),
  );
}
