import type { Form } from "../input-model.ts";
import { baseOf, indexedNames, scalarsOf } from "../form-names.ts";
import { normalText } from "./mathematics.ts";

/** Names that the statement calls strings: words even where the examples show digits alone. */
export function stringNames(form: Form, statement: string): ReadonlySet<string> {
  const text = normalText(statement, indexedNames(form));
  const strings = new Set<string>();
  // `|x|` is a length where there are strings at all.
  if (!/\bstrings?\b|\bwords?\b|\btexts?\b/i.test(text)) return strings;
  for (const { name } of scalarsOf(form)) {
    const base = baseOf(name).replace(/\W/g, "\\$&");
    const called = new RegExp(
      String.raw`\b${base}(?:\[[^\]]*\])* (?:is|are|be) (?:an? )?(?:\S+ )?strings?\b|\bstrings? ${base}\b|\bstrings? \w+(?:\[[^\]]*\])*,? and ${base}\b|\b(?:strings?|sequences?), (?:[^.]{0,20} )?${base}\[|(?<![\w.])${base}(?:\[\])*\.length\b|(?:each of )?\w+(?:\[[^\]]*\])*(?:, \w+)* and ${base}(?:\[[^\]]*\])* (?:is|are) (?:an? )?(?:\S+ )?strings?\b|\blength of ${base}\b|\bstrings? ${base}\[`,
    );
    if (called.test(text)) strings.add(name);
  }
  return strings;
}
