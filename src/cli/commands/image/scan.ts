import { MooringError } from "#core/errors/index.ts";
import type { AutomationView } from "#core/images/index.ts";
import { scanAnnotation, viewAutomation } from "#core/images/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import { defineCommand } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { openHub, patchObject } from "../../hub.ts";
import {
  automationNamespaceFlag,
  automationRef,
  formatAutomation,
  readAutomation,
} from "../../images/automations.ts";
import type { CliPorts } from "../../ports.ts";

const pollMs = 500;
const defaultTimeoutSeconds = 120;

export const command = defineCommand({
  name: "image scan",
  summary: "Have an ImageAutomation look for new images now",
  details:
    "Asks the controller to look at once, in place of when the interval is over, and waits until it has.\nExit codes: 0 looked, and all is well; 1 it is not, or it was not looked in time.",
  examples: ["mooring image scan shop-dev", "mooring image scan shop-dev --async"],
  args: { usage: "NAME", min: 1, max: 1 },
  flags: {
    ...automationNamespaceFlag,
    async: { type: "boolean", description: "Do not wait for it" },
    timeout: {
      type: "integer",
      value: "SECONDS",
      description: `Give up waiting after this long; ${defaultTimeoutSeconds} by default`,
    },
  },
  run: async (invocation, ports) => {
    const { async: isAsync, timeout = defaultTimeoutSeconds, "app-namespace": namespace } = invocation.flags;
    const [name = ""] = invocation.args;
    await using hub = await openHub(invocation, ports);
    const ref = automationRef(hub, name, namespace);
    const word = new Date(ports.clock.now()).toISOString();
    const asked = await patchObject(hub, ref, {
      decide: () => ({ metadata: { annotations: { [scanAnnotation]: word } } }),
      signal: ports.signal,
    });
    const { isSuspended } = viewAutomation(asked);
    if (isAsync === true || isSuspended) {
      const why = isSuspended ? "; it is suspended, and is looked at when spec.suspend is gone" : "";
      ports.stdout.write(`ImageAutomation '${ref.name}' is asked for a scan${why}\n`);
      return 0;
    }
    const view = await untilScanned({ hub, ref, word, timeout }, ports);
    ports.stdout.write(formatAutomation(view));
    return view.ready === "True" ? 0 : 1;
  },
});

interface Waiting {
  readonly hub: CliHub;
  readonly ref: ObjectRef;
  readonly word: string;
  readonly timeout: number;
}

/** Throws CLI_TIMEOUT. */
async function untilScanned({ hub, ref, word, timeout }: Waiting, ports: CliPorts): Promise<AutomationView> {
  const { clock, signal } = ports;
  const endMs = clock.now() + timeout * 1_000;
  for (;;) {
    const view = viewAutomation(await readAutomation(hub, ref, signal));
    if (view.scanned === word) return view;
    if (clock.now() >= endMs)
      throw new MooringError(
        "CLI_TIMEOUT",
        `ImageAutomation ${ref.namespace}/${ref.name}: was not scanned within ${timeout} s; see whether the controller runs`,
      );
    await clock.sleep(pollMs, signal);
  }
}
