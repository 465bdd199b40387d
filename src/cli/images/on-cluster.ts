import { resumeAnnotation, scanAnnotation, viewAutomation } from "#core/images/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { CliHub } from "../hub.ts";
import { listHub, notFound, patchObject } from "../hub.ts";
import { withoutManagedFields } from "../output/print-value.ts";
import type { CliPorts } from "../ports.ts";
import type { AutomationName, Automations, Told } from "./port.ts";

/** Disposes the hub with itself. */
export function automationsOnCluster(
  hub: CliHub,
  { clock, signal }: Pick<CliPorts, "clock" | "signal">,
): Automations {
  const refOf = (name: AutomationName) => ({ type: hubTypes.imageAutomation, ...name });
  const patch = async (name: AutomationName, wanted: JsonObject): Promise<KubeObject> =>
    await patchObject(hub, refOf(name), { decide: () => wanted, signal });
  const now = (): string => new Date(clock.now()).toISOString();
  return {
    namespace: hub.namespace,
    list: async (namespace) => {
      const within = namespace === undefined ? {} : { namespace };
      const objects = await listHub(hub, hubTypes.imageAutomation, { ...within, signal });
      return objects.map((object) => told(object));
    },
    get: async (name) => {
      const object = await hub.cluster.read(refOf(name), signal);
      if (object === undefined) throw await notFound(hub, refOf(name), signal);
      return told(object);
    },
    scan: async (name) => {
      const word = now();
      const asked = await patch(name, { metadata: { annotations: { [scanAnnotation]: word } } });
      return { view: viewAutomation(asked), word };
    },
    suspend: async (name) => void (await patch(name, { spec: { suspend: true } })),
    resume: async (name) => {
      const metadata = { annotations: { [resumeAnnotation]: now() } };
      await patch(name, { spec: { suspend: null }, metadata });
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

function told(object: KubeObject): Told {
  return { view: viewAutomation(object), raw: withoutManagedFields(object) as JsonValue };
}
