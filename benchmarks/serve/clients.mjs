// Stock clients that know nothing of funprm but its base URL. Each is a function from messages and headers to
// {text, funprm}: the reply, and what the server says of its choice (absent: passed through).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OpenAI } from "openai";

/** The openai package for Node. */
export function node(url) {
  const client = new OpenAI({ baseURL: url, apiKey: "any", maxRetries: 0 });
  return {
    async ask(messages, headers) {
      const reply = await client.chat.completions.create({ model: "replay", messages }, { headers });
      return { text: reply.choices[0].message.content, funprm: reply.funprm };
    },
    close() {},
  };
}

/** The same for Python; `FUNPRM_PYTHON` names an interpreter that has it. */
export function python(url) {
  const script = fileURLToPath(new URL("client.py", import.meta.url));
  const child = spawn(process.env["FUNPRM_PYTHON"] ?? "python3", [script, url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(messages, headers) {
      child.stdin.write(`${JSON.stringify({ messages, headers })}\n`);
      const { value } = await lines.next();
      if (value === undefined) throw new Error("the Python client has ended");
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

export function curl(url) {
  return {
    async ask(messages, headers) {
      const own = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
      const args = [
        "-sS",
        `${url}/chat/completions`,
        "-H",
        "content-type: application/json",
        ...own,
        "-d",
        "@-",
      ];
      const child = spawn("curl", args, { stdio: ["pipe", "pipe", "inherit"] });
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
      child.stdin.end(JSON.stringify({ model: "replay", messages }));
      await once(child, "close");
      const reply = JSON.parse(out);
      return { text: reply.choices[0].message.content, funprm: reply.funprm };
    },
    close() {},
  };
}
