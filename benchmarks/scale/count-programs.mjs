// Loaded before a command of funprm (--import): appends a line to FUNPRM_BEGUN whenever a program's tests begin.
import { appendFileSync } from "node:fs";
import process from "node:process";
import { open } from "../door.mjs";

const file = process.env["FUNPRM_BEGUN"];
if (file !== undefined) {
  const { PlanCache } = await open("PlanCache");
  const get = PlanCache.prototype.get;
  PlanCache.prototype.get = function (problemId) {
    appendFileSync(file, `${problemId}\n`);
    return get.call(this, problemId);
  };
}
