/** The problems in the page: an index of all, and packed chunks that are opened when one of theirs is looked at. */
import { byId } from "./dom.js";

/** @typedef {import("../problem-index.ts").IndexEntry} IndexEntry */
/** @typedef {import("../../bench/results/report-data.ts").ProblemReport} ProblemReport */
/** @typedef {import("../../bench/results/report-data.ts").CandidateReport} CandidateReport */

/**
 * Marks that turn the order of what follows around, so that a program could look like another one than it is. JSON has
 * them as they are; each becomes one sign that shows, and offsets stay.
 */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** @param {string} json */
function parse(json) {
  return JSON.parse(json.replace(TURNING, "\ufffd"));
}

/**
 * @type {{
 *   shown: string, baseline: string, perChunk: number,
 *   facts: readonly string[], entries: readonly IndexEntry[],
 * }}
 */
export const index = parse(byId("index").textContent ?? "");

/** Chunks that stay unpacked: this one and its neighbours while somebody goes through the problems. */
const KEPT_CHUNKS = 3;

/** @type {Map<number, Promise<readonly ProblemReport[]>>} */
const opened = new Map();

/**
 * @param {number} number position in the index, from 0
 * @returns {Promise<ProblemReport>}
 */
export async function loadProblem(number) {
  const chunk = Math.floor(number / index.perChunk);
  const problems = opened.get(chunk) ?? unpack(chunk);
  opened.delete(chunk);
  opened.set(chunk, problems);
  for (const oldest of opened.keys()) if (opened.size > KEPT_CHUNKS) opened.delete(oldest);
  const problem = (await problems)[number % index.perChunk];
  if (problem === undefined) throw new Error(`chunk ${chunk} lacks problem ${number}`);
  return problem;
}

/**
 * @param {number} chunk
 * @returns {Promise<readonly ProblemReport[]>}
 */
async function unpack(chunk) {
  if (document.getElementById(`chunk-${chunk}`) === null) await documentRead();
  const packed = atob(byId(`chunk-${chunk}`).textContent ?? "");
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return parse(await new Response(unpacked).text());
}

/** Chunks are at the end of a large file: the page can be in use before they are read. */
function documentRead() {
  return new Promise((resolve) => {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", resolve, { once: true });
    } else resolve(undefined);
  });
}
