import { parentPort } from "node:worker_threads";
import { hashPassword, isPassword } from "#runtime/password-hash.ts";
import type { PasswordAnswer, PasswordJob } from "./password-job.ts";

async function answer({ password, hash }: PasswordJob): Promise<void> {
  const done: PasswordAnswer =
    hash === undefined
      ? { hash: await hashPassword(password) }
      : { matches: await isPassword(password, hash) };
  parentPort?.postMessage(done);
}

parentPort?.on("message", (job: PasswordJob) => void answer(job));
