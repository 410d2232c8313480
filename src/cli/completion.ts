import type { CommandSpec } from "./command.ts";
import { FLAGS } from "./flags.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes commands and flags; what a flag takes is completed as a file. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      // zsh reads bash's completions.
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

function longFlags({ flags }: CommandSpec): string[] {
  return [...flags.map((name) => `--${name}`), "--help"];
}

function bash(commands: readonly CommandSpec[]): string {
  const cases = commands.map((spec) => `    ${spec.name}) words="${longFlags(spec).join(" ")}" ;;`);
  return `_funprm() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _funprm funprm
`;
}

function fish(commands: readonly CommandSpec[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap((spec) => [
    `complete -c funprm -n __fish_use_subcommand -f -a ${spec.name} -d ${quoted(spec.summary)}`,
    ...spec.flags.map(
      (name) =>
        `complete -c funprm -n '__fish_seen_subcommand_from ${spec.name}' -l ${name} -d ${quoted(FLAGS[name].help)}`,
    ),
  ]);
  return `${lines.join("\n")}\n`;
}
