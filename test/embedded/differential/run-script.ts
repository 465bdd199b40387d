import { randomBytes } from "node:crypto";
import { eventually } from "../../control-plane/eventually.ts";
import { Normaliser } from "./normalise.ts";
import type { Answer, ScriptRequest, ServerUnderTest } from "./server.ts";
import { send } from "./server.ts";

/** What a script does next, knowing the last answer: most steps do not care. */
export type Step = ScriptRequest | ((last: Answer) => ScriptRequest);

/**
 * Runs a script in a namespace of its own; the answers with what is each server's own made equal. `leftOver` are objects whose finalizers
 * would keep the namespace.
 */
export async function runScript(
  server: ServerUnderTest,
  steps: readonly Step[],
  leftOver: readonly Pick<ScriptRequest, "path">[] = [],
): Promise<readonly unknown[]> {
  const namespace = `diff-${randomBytes(5).toString("hex")}`;
  const normaliser = new Normaliser(namespace);
  await must(server, namespaceOf(namespace));
  // What every namespace gets comes a moment after it.
  await eventually(async () => {
    await must(server, {
      method: "GET",
      path: `/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`,
    });
  });
  const answers: unknown[] = [];
  let last: Answer = { code: 0, body: undefined, warnings: [] };
  for (const step of steps) {
    const call = typeof step === "function" ? step(last) : step;
    last = await send(server, filledIn(call, namespace));
    answers.push(normaliser.answer(last));
  }
  for (const { path } of leftOver) {
    const body = { metadata: { finalizers: null } };
    const release = { method: "PATCH", path, body, contentType: "application/merge-patch+json" } as const;
    await send(server, filledIn(release, namespace));
  }
  await send(server, { method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
  return answers;
}

async function must(server: ServerUnderTest, call: ScriptRequest): Promise<void> {
  const { code, body } = await send(server, call);
  if (code > 299)
    throw new Error(`${server.name}: ${call.method} ${call.path}: ${code} ${JSON.stringify(body)}`);
}

function namespaceOf(name: string): ScriptRequest {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  return { method: "POST", path: "/api/v1/namespaces", body };
}

function filledIn(call: ScriptRequest, namespace: string): ScriptRequest {
  const fill = (text: string) => text.replaceAll("$ns", namespace);
  if (call.body === undefined) return { ...call, path: fill(call.path) };
  const body: unknown =
    typeof call.body === "string" ? fill(call.body) : JSON.parse(fill(JSON.stringify(call.body)));
  return { ...call, path: fill(call.path), body };
}
