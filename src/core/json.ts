/** The value that a JSON text stands for; undefined for what is none. For texts whose writer is to be told, see `parseJson`. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
