// Markdown in lines of at most 120 characters. Paragraphs and list items are wrapped. A table that is too wide is cut
// into several with the same key columns, or becomes a list where no cut helps. No word and no figure changes.
// node benchmarks/fit-markdown.mjs FILE...    rewrites the files in place
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export const WIDTH = 120;

/** Text that, at the beginning of a line, would turn a wrapped paragraph into something else. */
const MARKER = /^(?:[-+*]$|\d+[.)]$|[>|#])/;

/** The same document in lines of at most WIDTH characters, fenced blocks untouched. */
export function fitted(markdown) {
  const lines = markdown.split("\n");
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const end = blockEnd(lines, at);
    out.push(...fitBlock(lines.slice(at, end)));
    at = end;
  }
  return out.join("\n");
}

/** The end of the block that begins at `start`: a fence, a table, a paragraph, a list item, or a single line. */
function blockEnd(lines, start) {
  const kind = kindOf(lines[start]);
  let end = start + 1;
  if (kind === "fence") {
    while (end < lines.length && kindOf(lines[end]) !== "fence") end += 1;
    return end + 1;
  }
  const same = kind === "item" ? "text" : kind;
  if (same !== "table" && same !== "text") return end;
  while (end < lines.length && kindOf(lines[end]) === same) end += 1;
  return end;
}

function kindOf(line) {
  if (/^\s*```/.test(line)) return "fence";
  if (line.startsWith("|")) return "table";
  if (/^\s*(?:[-*+]|\d+\.) /.test(line)) return "item";
  return /^\s*(?:#|<|!\[|$)/.test(line) ? "single" : "text";
}

function fitBlock(block) {
  if (block.every((line) => line.length <= WIDTH)) return block;
  switch (kindOf(block[0])) {
    case "table":
      return fitTable(block.map(cellsOf));
    case "item":
    case "text":
      return wrap(block);
    default:
      return block;
  }
}

/** A paragraph or a list item, wrapped; code spans stay whole. */
function wrap(block) {
  const first = /^\s*(?:(?:[-*+]|\d+\.) +)?/.exec(block[0])[0];
  const indent = " ".repeat(first.length);
  const text = [block[0].slice(first.length), ...block.slice(1)].map((line) => line.trim()).join(" ");
  const out = [];
  let line = first;
  for (const word of text.match(/(?:`[^`]*`|[^\s`]|`)+/g)) {
    const isEmpty = line.length === first.length;
    if (!isEmpty && line.length + 1 + word.length > WIDTH && !MARKER.test(word)) {
      out.push(line);
      line = indent + word;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...out, line];
}

/** Tables that share their key: the fewest leading columns that tell all rows apart. */
function fitTable([header, rule, ...rows]) {
  const key = keyColumns(header, rows);
  const parts = [];
  for (let column = key; column < header.length; column += 1) {
    const part = parts.at(-1);
    if (part !== undefined && fits([...part, column])) part.push(column);
    else parts.push([...Array.from({ length: key }, (_, index) => index), column]);
  }
  if (parts.length === 0 || !parts.every(fits)) return asList(header, rows);
  return parts.flatMap((part, index) => [...(index === 0 ? [] : [""]), ...linesOf(part)]);

  function linesOf(columns) {
    return [header, rule, ...rows].map(
      (cells) => `| ${columns.map((column) => cells[column]).join(" | ")} |`,
    );
  }

  function fits(columns) {
    return linesOf(columns).every((line) => line.length <= WIDTH);
  }
}

function keyColumns(header, rows) {
  for (let count = 1; count < header.length; count += 1) {
    if (new Set(rows.map((cells) => cells.slice(0, count).join("|"))).size === rows.length) return count;
  }
  return header.length;
}

/** One item a row: the first cell, then the others with the names of their columns where there are several. */
function asList(header, rows) {
  return rows.flatMap(([name, ...cells]) => {
    const named = cells.map((cell, index) => (cells.length < 2 ? cell : `${header[index + 1]}: ${cell}`));
    return wrap([`- ${name}: ${named.join("; ")}`]);
  });
}

function cellsOf(line) {
  return line
    .slice(1, line.trimEnd().lastIndexOf("|"))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const file of process.argv.slice(2)) writeFileSync(file, fitted(readFileSync(file, "utf8")));
}
