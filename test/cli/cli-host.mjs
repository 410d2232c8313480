// Runs commands of the built funprm one after the other in this process, as main.js runs one: for tests that try many.
// Gets {args, cwd, env} from its parent and answers {code, stdout, stderr}. stdin is empty.
import { tellFailure } from "../../dist/cli/failure.js";
import { runCli } from "../../dist/cli/program.js";

const VERSION = "0.0.0";
const own = { cwd: process.cwd(), env: { ...process.env } };

process.on("message", async ({ args, cwd, env }) => {
  process.chdir(cwd ?? own.cwd);
  Object.assign(process.env, env);
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  const code = await runCli(args, VERSION, new AbortController().signal).catch((error) =>
    tellFailure(error, VERSION),
  );
  process.chdir(own.cwd);
  for (const name of Object.keys(env)) delete process.env[name];
  Object.assign(process.env, own.env);
  process.send({ code, stdout: stdout(), stderr: stderr() });
});

/** Keeps what is written to a stream from now on; the function given back ends that and gives the text. */
function capture(stream) {
  const { write } = stream;
  const chunks = [];
  stream.write = (chunk, encoding, done) => {
    chunks.push(Buffer.from(chunk));
    const told = typeof encoding === "function" ? encoding : done;
    if (told !== undefined) process.nextTick(told);
    return true;
  };
  return () => {
    stream.write = write;
    return Buffer.concat(chunks).toString();
  };
}
