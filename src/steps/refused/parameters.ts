import type { Node } from "web-tree-sitter";

/** A name twice, a default before none, more than one star, a bare one with nothing behind it, a tuple of Python 2. */
export function refusesParameters(node: Node): boolean {
  const text = node.text;
  if (/^[\w,() ]*$/.test(text)) {
    const plain = text.match(/\w+/g) ?? [];
    return new Set(plain).size < plain.length || text.includes("(", 1);
  }
  const names = new Set<string>();
  let hasDefault = false;
  let star: "none" | "bare" | "named" = "none";
  let isClosed = false;
  for (const parameter of node.namedChildren) {
    if (parameter.type === "comment" || parameter.type === "line_continuation") continue;
    if (isClosed) return true;
    const name = parameterName(parameter);
    if (name !== undefined && names.size === names.add(name).size) return true;
    const inner =
      parameter.type === "typed_parameter" ? (parameter.firstNamedChild?.type ?? "") : parameter.type;
    switch (inner) {
      case "tuple_pattern":
        return true;
      case "dictionary_splat_pattern":
        isClosed = true;
        if (star === "bare") return true;
        break;
      case "list_splat_pattern":
      case "keyword_separator":
        if (star !== "none") return true;
        star = inner === "keyword_separator" ? "bare" : "named";
        break;
      case "positional_separator":
        if (star !== "none" || names.size === 0) return true;
        break;
      case "default_parameter":
      case "typed_default_parameter":
        hasDefault = true;
        if (star === "bare") star = "named";
        break;
      default:
        if (hasDefault && star === "none") return true;
        if (star === "bare") star = "named";
    }
  }
  return star === "bare";
}

function parameterName(parameter: Node): string | undefined {
  const named = parameter.childForFieldName("name") ?? parameter;
  const inner = named.type === "identifier" ? named : named.firstNamedChild;
  const name = inner?.type === "identifier" ? inner : inner?.firstNamedChild;
  return name?.type === "identifier" ? name.text : undefined;
}
