import { tagged, type Literal } from "./compare/literal.ts";
import { shorten } from "./verdict.ts";

/** A value as Python would print it, shortened: for people, not for comparison. */
export function showLiteral(value: Literal): string {
  return shorten(pythonText(value, 0));
}

const DEEPEST = 20;
const MOST_ITEMS = 60;

function pythonText(value: Literal, depth: number): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (depth > DEEPEST) return "…";
  const list = (items: Literal, open: string, close: string) => {
    const all = Array.isArray(items) ? items : [];
    const texts = all.slice(0, MOST_ITEMS).map((item: Literal) => pythonText(item, depth + 1));
    return open + [...texts, ...(all.length > MOST_ITEMS ? ["…"] : [])].join(", ") + close;
  };
  if (Array.isArray(value)) return list(value, "[", "]");
  const [tag, body] = tagged(value);
  switch (tag) {
    case "f":
      if (typeof body === "number") return Number.isInteger(body) ? body.toFixed(1) : String(body);
      return typeof body === "string" ? body : "…";
    case "i":
      return typeof body === "string" ? body : "…";
    case "t":
      return list(body, "(", ")");
    case "s":
    case "z":
      return list(body, "{", "}");
    case "d": {
      const pairs = Array.isArray(body) ? body.slice(0, MOST_ITEMS) : [];
      const texts = pairs.map((pair: Literal) =>
        Array.isArray(pair) ? pair.map((part: Literal) => pythonText(part, depth + 1)).join(": ") : "…",
      );
      return `{${texts.join(", ")}}`;
    }
    case "b":
      return typeof body === "string" ? `bytes.fromhex("${body}")` : "…";
    case "c":
      return list(body, "complex(", ")").replaceAll('"', "");
    case "r":
      return list(body, "range(", ")");
    case "g":
      return list(body, "iter([", "])");
    default:
      return typeof body === "string" ? body : `<${tag}>`;
  }
}
