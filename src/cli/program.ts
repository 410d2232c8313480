import { Command, CommanderError } from "commander";
import { FunprmError } from "../core/errors.ts";
import { COMMANDS } from "./catalog.ts";
import type { CommandSpec } from "./command.ts";
import { FLAGS } from "./flags.ts";
import type { FlagSpec } from "./flags/flag-spec.ts";

const INTRO = `Picks the best of N LLM-written programs: splits each into function steps, scores the steps with a process reward model and returns the program with the best aggregated reward.`;

const OUTRO = `
Examples:
  funprm solve problem.json --model gpt-4.1-mini -n 16 > answer.py
  cat candidates.jsonl | funprm rank --problem problem.json | head -1
  funprm COMMAND --help    options and examples of one command

Defaults come from the nearest funprm.toml (keys are the long flags); a flag wins over it. Since that may be somebody
else's, python, prm, api-key-env, a base-url elsewhere and a store or verdicts outside are taken from your own only,
~/.config/funprm/funprm.toml.
Exit codes: 0 done, 1 defect of funprm, 2 usage or input, 3 no usable candidate, 4 LLM API, 5 grading, 130 interrupted.`;

/** Parses argv and runs the command it names; gives the exit code. Usage mistakes become FunprmError. */
export async function runCli(argv: readonly string[], version: string, signal: AbortSignal): Promise<number> {
  let exitCode = 0;
  const program = new Command("funprm")
    .description(INTRO)
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .addHelpText("after", OUTRO)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const spec of COMMANDS) {
    declare(program, spec, async (args, flags) => {
      refuseGoneDirectory();
      const { run } = await spec.load();
      exitCode = await run({ args, flags, command: spec.name, signal, commands: COMMANDS });
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error);
  }
  return exitCode;
}

type Action = (args: readonly string[], flags: Readonly<Record<string, unknown>>) => Promise<void>;

function declare(program: Command, spec: CommandSpec, action: Action): void {
  const command = program.command(spec.name).summary(spec.summary).description(capitalise(spec.summary));
  if (spec.argument !== undefined) command.argument(spec.argument.form, spec.argument.help);
  for (const name of spec.flags) {
    const { flags, help, helpOf }: FlagSpec = FLAGS[name];
    command.option(flags, helpOf?.[spec.name] ?? help);
  }
  if (spec.flags.includes("problems")) command.addOption(command.createOption("--problem <file>").hideHelp());
  if (spec.notes !== undefined) command.addHelpText("after", `\n${spec.notes.join("\n")}`);
  command
    .helpOption("-h, --help", "show help")
    .addHelpText("after", `\nExamples:\n${spec.examples.map((example) => `  ${example}`).join("\n")}`)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .action(async () => {
      await action(command.args, command.opts());
    });
}

/** Every relative path, and the search for funprm.toml, begins there. @throws FunprmError `usage` */
function refuseGoneDirectory(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new FunprmError(
      "usage",
      "the working directory is not there any more; change to one that is, and run the command again",
      { cause },
    );
  }
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function usageError(error: CommanderError): FunprmError {
  // commander puts its suggestion on a line of its own.
  const message = error.message
    .replace(/^error: |\.$/g, "")
    .replace(/\n\(Did you mean (.*)\?\)$/s, "; did you mean $1?");
  const end = message.endsWith("?") ? "" : ".";
  return new FunprmError("usage", `${message}${end} See funprm --help, or funprm COMMAND --help.`, {
    cause: error,
  });
}
