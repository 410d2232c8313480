/** Code that a reply holds in HTML, CDATA or tags, brought into fences: the one form that is read. */

const TAGS =
  "code|pre|python|python_code|program|solution|answer|final_answer|final|response|output|script|source|result";
/** Tags before code, with attributes: the two of `<pre><code>` are read as one. */
const OPENING = new RegExp(
  `^[ \\t]*(?:<(?:${TAGS})(?:[ \\t][^<>\\n]{0,200})?>[ \\t]*)+(?:<!\\[CDATA\\[)?[ \\t]*\\r?\\n?|<!\\[CDATA\\[[ \\t]*\\r?\\n?`,
  "gim",
);
const CLOSING = new RegExp(`(?:\\]\\]>)?[ \\t]*(?:</(?:${TAGS})>[ \\t]*)+$|\\]\\]>[ \\t]*$`, "gim");
const PYTHON_TAG = /\[PYTHON\][ \t]*\r?\n?([^]*?)(?:\r?\n)?(?:\[\/PYTHON\]|$(?![^]))/;

/** The text with elements as fenced blocks; texts with fences of their own stay as they are. */
export function fenced(text: string): string {
  if (/^[ \t>]*(?:`{3,}|~{3,})/m.test(text)) return text;
  const tagged = PYTHON_TAG.exec(text)?.[1];
  if (tagged !== undefined && tagged.trim() !== "") return fence(tagged);
  const isHtml = /^[ \t]*<(?:pre|code)\b/im.test(text);
  const parts: string[] = [];
  let at = 0;
  OPENING.lastIndex = 0;
  for (let opening = OPENING.exec(text); opening !== null; opening = OPENING.exec(text)) {
    CLOSING.lastIndex = OPENING.lastIndex;
    const closing = CLOSING.exec(text);
    const code = text.slice(OPENING.lastIndex, closing?.index ?? text.length);
    const isRest = closing === null;
    if (isRest && parts.length > 0) break;
    parts.push(text.slice(at, opening.index), fence(isHtml ? unescaped(code) : code));
    at = isRest ? text.length : CLOSING.lastIndex;
    if (isRest) break;
    OPENING.lastIndex = at;
  }
  return parts.join("") + text.slice(at);
}

function fence(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  return `\n${mark}\n${code.replace(/\r?\n$/, "")}\n${mark}\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  "#39": "'",
  "#x27": "'",
  nbsp: " ",
};

function unescaped(html: string): string {
  return html
    .replaceAll(/<br[ \t]*\/?>\n?/gi, "\n")
    .replaceAll(/<\/?span\b[^<>\n]*>/gi, "")
    .replaceAll(
      /&(#39|#x27|lt|gt|amp|quot|apos|nbsp);/gi,
      (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole,
    );
}
