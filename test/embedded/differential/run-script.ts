import { randomBytes } from "node:crypto";
import { Normaliser } from "./normalise.ts";
import type { Answer, ScriptRequest, ServerUnderTest } from "./server.ts";
import { send } from "./server.ts";

/** What a script does next, knowing the last answer: most steps do not care. */
export type Step = ScriptRequest | ((last: Answer) => ScriptRequest);

/** Runs a script in a namespace of its own; the answers with what is each server's own made equal. */
export async function runScript(
  server: ServerUnderTest,
  steps: readonly Step[],
): Promise<readonly unknown[]> {
  const namespace = `diff-${randomBytes(5).toString("hex")}`;
  await must(server, namespaceOf(namespace));
  const normaliser = new Normaliser(namespace);
  const answers = await runSteps(steps, async (call) => send(server, filledIn(call, { $ns: namespace })));
  await send(server, { method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
  return answers.map((answer) => normaliser.answer(answer));
}

/** The answers to the steps, one after the other. */
export async function runSteps(
  steps: readonly Step[],
  ask: (call: ScriptRequest) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let last: Answer = { code: 0, body: undefined, warnings: [] };
  for (const step of steps) {
    last = await ask(typeof step === "function" ? step(last) : step);
    answers.push(last);
  }
  return answers;
}

/** Throws for an answer that is none of success. */
export async function must(server: ServerUnderTest, call: ScriptRequest): Promise<Answer> {
  const answer = await send(server, call);
  if (answer.code < 300) return answer;
  throw new Error(
    `${server.name}: ${call.method} ${call.path}: ${answer.code} ${JSON.stringify(answer.body)}`,
  );
}

export function namespaceOf(name: string): ScriptRequest {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  return { method: "POST", path: "/api/v1/namespaces", body };
}

/** What stands for values that each run has of its own, such as `$ns`. */
export type FillIns = Readonly<Record<string, string | number>>;

export function filledIn(call: ScriptRequest, values: FillIns): ScriptRequest {
  const { path, body } = call;
  return {
    ...call,
    path: fill(path, values),
    ...(body === undefined
      ? {}
      : { body: fill(typeof body === "string" ? body : JSON.stringify(body), values) }),
  };
}

function fill(text: string, values: FillIns): string {
  let filled = text;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") filled = filled.replaceAll(`"${name}"`, String(value));
    filled = filled.replaceAll(name, String(value)).replaceAll(encodeURIComponent(name), String(value));
  }
  return filled;
}
