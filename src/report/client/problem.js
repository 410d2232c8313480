/** One problem: statement, candidates side by side, and why this one was chosen. */
import { candidatePane, candidateTable } from "./candidate.js";
import { codeView } from "./code.js";
import { index, loadProblem } from "./data.js";
import { announce, byId, element } from "./dom.js";
import { listed, outcome } from "./list.js";
import { statementView } from "./statement.js";

/** @typedef {import("./data.js").ProblemReport} ProblemReport */
/** @typedef {ProblemReport["choices"][number]} Choice */

/**
 * What is on show; `compared` is the second pane's candidate.
 *
 * @type {{ number: number, problem: ProblemReport, position: number, compared: number | null } | null}
 */
let current = null;
let wanted = -1;

/**
 * @param {number} number position in the index, from 0
 */
export async function showProblem(number) {
  wanted = number;
  const problem = await loadProblem(number);
  // Somebody who keeps a key down is further on by now.
  if (wanted !== number) return;
  const entry = index.entries[number];
  if (entry === undefined) return;
  const position = Math.max(0, entry.c);
  const passing = problem.candidates.findIndex(({ passed }) => passed === true);
  const missed = passing >= 0 && problem.candidates[position]?.passed !== true;
  current = { number, problem, position, compared: missed ? passing : null };
  byId("problem-title").replaceChildren(
    problem.title === undefined ? problem.id : `${problem.title} `,
    ...(problem.title === undefined ? [] : [element("small", {}, problem.id)]),
  );
  byId("problem-facts").replaceChildren(
    outcome(entry),
    ...Object.entries(problem.facts).map(([name, value]) =>
      element("span", { class: "fact" }, element("span", { class: "fact-name" }, name), ` ${value}`),
    ),
  );
  byId("position").textContent = whereInList(number);
  byId("why").replaceChildren(...whyChosen(problem));
  byId("choices").replaceChildren(choiceTable(problem));
  byId("statement").replaceChildren(statementView(problem.statement));
  if (problem.starterCode.trim() !== "") {
    byId("statement").append(element("h3", {}, "Starter code"), codeView({ code: problem.starterCode }));
  }
  byId("candidates").replaceChildren(
    candidateTable(problem.candidates, entry.c < 0 ? null : entry.c, pickCandidate),
  );
  showPanes();
  scrollTo(0, 0);
  byId("problem-title").focus({ preventScroll: true });
  announce(`${problem.title ?? problem.id}, problem ${number + 1} of ${index.entries.length}`);
}

/** @param {number} number */
function whereInList(number) {
  const place = listed.indexOf(number);
  const filtered = listed.length !== index.entries.length;
  return place < 0
    ? `${number + 1} of ${index.entries.length}`
    : `${place + 1} of ${listed.length}${filtered ? " filtered" : ""}`;
}

/** @param {number} position */
function pickCandidate(position) {
  if (current === null) return;
  current.position = position;
  if (current.compared === position) current.compared = null;
  showPanes();
}

/** @param {1 | -1} step */
export function stepCandidate(step) {
  if (current === null) return;
  const count = current.problem.candidates.length;
  if (count === 0) return;
  pickCandidate((current.position + step + count) % count);
  announce(`sample ${current.problem.candidates[current.position]?.sampleIndex ?? ""}`);
}

/** Compares with the first candidate of another verdict, else with the next one; or stops comparing. */
export function toggleComparison() {
  if (current === null) return;
  if (current.compared === null) {
    const { problem, position } = current;
    const verdict = problem.candidates[position]?.passed;
    const other = problem.candidates.findIndex(({ passed }, at) => at !== position && passed !== verdict);
    const next = problem.candidates.findIndex((_, at) => at !== position);
    current.compared = other >= 0 ? other : next >= 0 ? next : null;
  } else current.compared = null;
  showPanes();
}

function showPanes() {
  const now = current;
  if (now === null) return;
  const { problem, position, compared, number } = now;
  const chosen = index.entries[number]?.c ?? -1;
  const shown = [position, ...(compared === null ? [] : [compared])];
  const panes = shown.flatMap((at, pane) => {
    const candidate = problem.candidates[at];
    return candidate === undefined
      ? []
      : [
          candidatePane(candidate, {
            chosen: at === chosen,
            tools: pane === 0 ? compareTool(now) : closeTool(),
          }),
        ];
  });
  byId("panes").replaceChildren(
    ...(panes.length === 0 ? [element("p", { class: "empty" }, "No candidates.")] : panes),
  );
  byId("panes").classList.toggle("two", panes.length > 1);
  for (const row of byId("candidates").querySelectorAll("tbody tr")) {
    const at = Number(row.getAttribute("data-position"));
    row.classList.toggle("selected", at === position);
    row.classList.toggle("compared", at === compared);
    row.querySelector("button")?.setAttribute("aria-pressed", String(at === position || at === compared));
  }
}

/** @param {NonNullable<typeof current>} shown */
function compareTool({ problem, position, compared }) {
  const select = element(
    "select",
    { class: "compare", "aria-label": "Compare with" },
    element("option", { value: "" }, "Compare with …"),
    ...problem.candidates.flatMap(({ sampleIndex, passed }, at) =>
      at === position
        ? []
        : [
            element(
              "option",
              { value: at, selected: at === compared },
              `${passed === true ? "✓" : passed === false ? "✗" : "?"} sample ${sampleIndex}`,
            ),
          ],
    ),
  );
  select.addEventListener("change", () => {
    if (current === null) return;
    current.compared = select.value === "" ? null : Number(select.value);
    showPanes();
  });
  return select;
}

function closeTool() {
  const button = element(
    "button",
    { type: "button", class: "compare", title: "Stop comparing (c)" },
    "Close",
  );
  button.addEventListener("click", toggleComparison);
  return button;
}

/**
 * @param {ProblemReport} problem
 * @returns {(Node | string)[]}
 */
function whyChosen({ choices, candidates }) {
  const choice = choices.find(({ selector }) => selector === index.shown);
  const name = element("strong", {}, index.shown);
  if (choice === undefined) return [name, " has not chosen here."];
  const sample = candidates[choice.chosen ?? 0]?.sampleIndex ?? "none";
  return [name, ` chose sample ${sample}: ${reason(choice, candidates.length)}.`];
}

/**
 * @param {Choice} choice
 * @param {number} count
 * @returns {string}
 */
function reason({ best, decidedBy, unavailable }, count) {
  if (unavailable !== undefined)
    return `it lacks ${unavailable} here and chose blindly, the first of ${count}`;
  if (decidedBy === null) return `nothing told the ${count} candidates apart, and it is the first of them`;
  if (best.length > 1)
    return `${decidedBy} left ${best.length} that tie for best, and it is the first of them`;
  return `decided by ${decidedBy}`;
}

/**
 * @param {ProblemReport} problem
 * @returns {HTMLTableElement}
 */
function choiceTable({ choices, candidates }) {
  return element(
    "table",
    { class: "figures choices" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["Selector", "Sample", "Verdict", "Tied", "Decided by"].map((name) =>
          element("th", { scope: "col" }, name),
        ),
      ),
    ),
    element(
      "tbody",
      {},
      ...choices.map((choice) => {
        const position = choice.chosen ?? 0;
        const candidate = candidates[position];
        const row = element(
          "tr",
          { class: choice.selector === index.shown ? "shown" : null },
          element("th", { scope: "row" }, choice.selector),
          element("td", {}, candidate?.sampleIndex ?? "–"),
          element("td", {}, mark(candidate?.passed)),
          element("td", {}, choice.unavailable === undefined ? choice.best.length : "all"),
          element(
            "td",
            { class: "words" },
            choice.unavailable === undefined
              ? (choice.decidedBy ?? "order only")
              : `lacks ${choice.unavailable}`,
          ),
        );
        row.addEventListener("click", () => pickCandidate(position));
        return row;
      }),
    ),
  );
}

/** @param {boolean | null | undefined} passed */
function mark(passed) {
  if (passed === true) return element("span", { class: "pass" }, "✓ passes");
  if (passed === false) return element("span", { class: "fail" }, "✗ fails");
  return "?";
}
