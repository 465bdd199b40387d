import type { ApiClient } from "#api/contract/api-client.ts";
import type { AutomationView } from "#core/images/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { CliHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import type { Automations, Told } from "./port.ts";

type Ask = ApiClient["ask"]["imageAutomation"];
type Answer = Awaited<ReturnType<Ask["get"]>>;

/** Disposes the hub with itself. */
export function automationsOverServer(hub: CliHub, { signal }: Pick<CliPorts, "signal">): Automations {
  const { api, place } = hub;
  if (api === undefined) throw new Error(`${place} is no server`);
  const ask = api.ask.imageAutomation;
  return {
    namespace: hub.namespace,
    list: async (namespace = "") => {
      const { items = [] } = await ask.list({ namespace }, signal);
      return items.map((item) => told(item));
    },
    get: async (name) => told(await ask.get(name, signal)),
    scan: async (name) => {
      const answer = await ask.scan(name, signal);
      return { view: viewOf(answer), word: answer.asked ?? "" };
    },
    suspend: async (name) => void (await ask.suspend(name, signal)),
    resume: async (name) => void (await ask.resume(name, signal)),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

function told(answer: Answer): Told {
  return { view: viewOf(answer), raw: { ...answer } as JsonValue };
}

function viewOf({ suspended = false, images = [], proposals = [], ...said }: Answer): AutomationView {
  return {
    name: said.name ?? "",
    namespace: said.namespace ?? "",
    project: said.project ?? "",
    isSuspended: suspended,
    ready: said.ready ?? "",
    reason: said.reason ?? "",
    message: said.message ?? "",
    target: said.target ?? "",
    images: images.map(({ image = "", policy = "", tag = "", digest = "", problem = "" }) => ({
      image,
      policy,
      tag,
      digest,
      problem,
    })),
    lastCommit: said.lastCommit ?? "",
    lastScan: said.lastScan ?? "",
    nextScan: said.nextScan ?? "",
    proposals,
    scanned: said.scanned ?? "",
    isCurrent: true,
  };
}
