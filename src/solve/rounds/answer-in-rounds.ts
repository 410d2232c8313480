import pLimit from "p-limit";
import type { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { concernsAll } from "../../llm/api-failure.ts";
import { ownTestsSource } from "../../own-tests/own-tests-source.ts";
import type { OwnTests } from "../../own-tests/project.ts";
import { RememberingSandbox } from "../../sandbox/remembering-sandbox.ts";
import type { Answers } from "../answers.ts";
import { endingAtOnce } from "../../sandbox/ending-at-once.ts";
import type { OpenMethod } from "../open-method.ts";
import { type RoundsRun, sampleInRounds } from "./sample-in-rounds.ts";

/** Problems whose samples and runs are held at once. */
const AT_ONCE = 16;

/**
 * Samples every problem in rounds and answers it. A failure that concerns one prompt does not hold up the other problems;
 * one that concerns them all ends the work after what is under way.
 *
 * @returns why sampling ended early: the first failure
 */
export async function answerInRounds(
  problems: readonly Problem[],
  answers: Answers,
  open: OpenMethod,
  { tests, ...run }: Omit<RoundsRun, "sandbox" | "ownTests"> & { readonly tests?: OwnTests | undefined },
): Promise<FunprmError | undefined> {
  const inTurn = pLimit(1);
  const opened = await open.sandbox();
  let failure: FunprmError | undefined;
  let isOver = false;
  await pLimit(AT_ONCE).map(problems, async (problem) => {
    if (isOver) return inTurn(() => answers.add(problem.id, []));
    const sandbox = opened && new RememberingSandbox(endingAtOnce(opened));
    const { signal } = run;
    const ownTests = tests && ownTestsSource(tests, { sandbox: async () => sandbox, signal });
    const drawn = await sampleInRounds(problem, { ...run, sandbox, ownTests });
    failure ??= drawn.failure;
    isOver ||= drawn.failure !== undefined && concernsAll(drawn.failure);
    const method = open.methodUntil(run.signal, (fresh) => sandbox ?? fresh);
    await inTurn(() =>
      answers.add(problem.id, drawn.candidates, { rounds: drawn, method, looked: drawn.looked }),
    );
  });
  return failure;
}
