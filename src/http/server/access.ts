import { FunprmError } from "../../core/errors.ts";

/** Where a server listens, and who may ask it. */
export interface Access {
  readonly host: string;
  readonly port: number;
  /** Whether the host is this machine to itself. */
  readonly isLoopback: boolean;
  /** What clients must send; undefined: nothing. */
  readonly clientKey: string | undefined;
}

/** Shorter keys can be guessed. */
const SHORTEST_KEY = 8;

/** Errors: FunprmError `usage` for what would be open to everybody without being told so, and for a key that can be guessed. */
export function accessOf(
  options: {
    readonly host: string;
    readonly port?: number | undefined;
    readonly clientKeyEnv?: string | undefined;
    readonly openToAll: boolean;
  },
  defaultPort: number,
  environment: Readonly<Record<string, string | undefined>>,
): Access {
  const { host, clientKeyEnv } = options;
  const clientKey = clientKeyEnv === undefined ? undefined : keyIn(clientKeyEnv, environment);
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  if (!isLoopback && clientKey === undefined && !options.openToAll) {
    throw new FunprmError(
      "usage",
      `--host ${host} lets other machines ask at your expense: name the variable of a key that they must send with ` +
        "--client-key-env, or say that nobody needs one with --open-to-all",
    );
  }
  return { host, port: options.port ?? defaultPort, isLoopback, clientKey };
}

function keyIn(name: string, environment: Readonly<Record<string, string | undefined>>): string {
  const key = environment[name]?.trim() ?? "";
  if (key.length >= SHORTEST_KEY) return key;
  const got = key === "" ? "it is not set" : "it is shorter";
  throw new FunprmError(
    "usage",
    `--client-key-env: expected a key of at least 8 characters in ${name}; ${got}`,
  );
}
