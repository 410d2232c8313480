/** A statement as its author laid it out, with the little Markdown that contest statements use. */
import { element } from "./dom.js";

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function statementView(text) {
  const fragment = document.createDocumentFragment();
  // Odd parts are between fences.
  for (const [at, part] of text.split(/^[ \t]*```[^\n]*\n?/m).entries()) {
    if (at % 2 === 1) fragment.append(element("pre", {}, part.replace(/\n$/, "")));
    else appendText(fragment, part);
  }
  return fragment;
}

/**
 * @param {DocumentFragment} fragment
 * @param {string} text
 */
function appendText(fragment, text) {
  for (const block of text.split(/\n{2,}/)) {
    if (block.trim() === "") continue;
    const lines = block.replace(/^\n+/, "").trimEnd();
    const heading = /^\s*#{1,6}[ \t]+([^\n]*)(?:\n([^]*))?$/.exec(lines);
    if (heading === null) fragment.append(inline(element("p"), lines));
    else {
      fragment.append(inline(element("h3"), heading[1] ?? ""));
      if (heading[2] !== undefined) appendText(fragment, heading[2]);
    }
  }
}

/**
 * `code`, **strong**, and the rest as it is.
 *
 * @template {HTMLElement} Parent
 * @param {Parent} parent
 * @param {string} text
 * @returns {Parent}
 */
function inline(parent, text) {
  let from = 0;
  for (const found of text.matchAll(/`([^`\n]+)`|\*\*([^*\n]+)\*\*/g)) {
    parent.append(text.slice(from, found.index));
    parent.append(
      found[1] === undefined ? element("strong", {}, found[2] ?? "") : element("code", {}, found[1]),
    );
    from = found.index + found[0].length;
  }
  parent.append(text.slice(from));
  return parent;
}
