/** Characters that editors and web pages put in place of ASCII's: none is Python outside of strings and comments. */

const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/;
const NOTHING = /[\u200b-\u200d\u2060\ufeff\u00ad]/;
const DOUBLE = /[\u201c-\u201f\u2033\uff02]/;
const SINGLE = /[\u2018-\u201b\u2032\uff07]/;
const EXOTIC = new RegExp([SPACES, NOTHING, DOUBLE, SINGLE].map(({ source }) => source).join("|"));
const INDENT = new RegExp(`^(?:[ \\t]|${SPACES.source}|${NOTHING.source})+`, "gm");

/** Indentation in spaces and tabs, so that lines are read as what they are. */
export function plainIndents(text: string): string {
  if (!EXOTIC.test(text)) return text;
  return text.replaceAll(INDENT, plainSpaces);
}

function plainSpaces(indent: string): string {
  return Array.from(indent, (char) => (NOTHING.test(char) ? "" : SPACES.test(char) ? " " : char)).join("");
}

/** Code with ASCII's spaces and quotes outside of its strings and comments. */
export function plainCode(code: string): string {
  if (!EXOTIC.test(code)) return code;
  return code.replaceAll(
    /#[^\n]*|("""|''')[^]*?(?:\1|$(?![^]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[\u201c-\u201f\u2033\uff02][^\n\u201c-\u201f\u2033\uff02]*[\u201c-\u201f\u2033\uff02]|[\u2018-\u201b\u2032\uff07][^\n\u2018-\u201b\u2032\uff07]*[\u2018-\u201b\u2032\uff07]|[\u00a0-\uffff]/g,
    (token) => {
      const first = token.charAt(0);
      if (token.length > 1 && DOUBLE.test(first)) return `"${token.slice(1, -1).replaceAll('"', '\\"')}"`;
      if (token.length > 1 && SINGLE.test(first)) return `'${token.slice(1, -1).replaceAll("'", "\\'")}'`;
      return token.length > 1 ? token : plainSpaces(token);
    },
  );
}
