import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/**
 * What a value had to be, in the words of all messages: `a whole number above 0`. Schemas may say it themselves, with a
 * message that begins with "expected ".
 */
export function expectedOf(issue: Issue): string {
  const own = /^expected (.*)$/s.exec(issue.message)?.[1];
  if (own !== undefined) return own;
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "too_small":
    case "too_big":
      return sized(issue);
    case "invalid_format":
      return FORMATS[issue.format] ?? `text of the form ${issue.pattern ?? issue.format}`;
    case "unrecognized_keys":
      return `no field ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    case "invalid_union":
      return [
        ...new Set(issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectedOf(first)]))),
      ].join(" or ");
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    default:
      return "another value";
  }
}

/** `field.of[2].that`; "" for the value as a whole. */
export function pathOf({ path }: Pick<Issue, "path">): string {
  return path.reduce<string>(
    (text, key) => text + (typeof key === "number" ? `[${key}]` : `${text === "" ? "" : "."}${String(key)}`),
    "",
  );
}

/** What is there; undefined for nothing. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    root,
  );
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
  never: "nothing",
};

const FORMATS: Readonly<Record<string, string>> = {
  url: "an address that begins with http:// or https://",
  date: "a day as YYYY-MM-DD",
  safeint: "a whole number",
};

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === "string" ? JSON.stringify(value) : String(value)));
  return shown.length === 1 ? (shown[0] ?? "") : `one of ${shown.join("|")}`;
}

function sized(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const inclusive = issue.inclusive === true;
  const bound =
    issue.code === "too_small"
      ? `${inclusive ? "of at least" : "above"} ${issue.minimum}`
      : `${inclusive ? "of at most" : "below"} ${issue.maximum}`;
  if (issue.origin === "string") {
    if (issue.code === "too_small")
      return issue.minimum === 1 ? "text that is not empty" : `text ${bound} characters`;
    return `text ${bound} characters`;
  }
  if (issue.origin === "array") {
    if (issue.code === "too_small")
      return issue.minimum === 1 ? "a list that is not empty" : `a list ${bound} entries`;
    return `a list ${bound} entries`;
  }
  return `a ${issue.origin === "int" ? "whole number" : "number"} ${bound}`;
}
