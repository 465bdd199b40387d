import { MooringError } from "#core/errors/index.ts";
import type { AutomationView } from "#core/images/index.ts";
import { defineCommand } from "../../command.ts";
import { automationName, automationNamespaceFlag, formatAutomation } from "../../images/automations.ts";
import type { AutomationName, Automations } from "../../images/port.ts";
import { openAutomations } from "../../images/port.ts";
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
    await using automations = await openAutomations(invocation, ports);
    const ref = automationName(name, namespace ?? automations.namespace);
    const { view: asked, word } = await automations.scan(ref);
    const { isSuspended } = asked;
    if (isAsync === true || isSuspended) {
      const why = isSuspended
        ? `; it is suspended, and is looked at when it is resumed: mooring image resume ${ref.name}`
        : "";
      ports.stdout.write(`ImageAutomation '${ref.name}' is asked for a scan${why}\n`);
      return 0;
    }
    const view = await untilScanned({ automations, ref, word, timeout }, ports);
    ports.stdout.write(formatAutomation(view));
    return view.ready === "True" ? 0 : 1;
  },
});

interface Waiting {
  readonly automations: Automations;
  readonly ref: AutomationName;
  readonly word: string;
  readonly timeout: number;
}

/** Throws CLI_TIMEOUT. */
async function untilScanned(
  { automations, ref, word, timeout }: Waiting,
  ports: CliPorts,
): Promise<AutomationView> {
  const { clock, signal } = ports;
  const endMs = clock.now() + timeout * 1_000;
  for (;;) {
    const { view } = await automations.get(ref);
    if (view.scanned === word) return view;
    if (clock.now() >= endMs)
      throw new MooringError(
        "CLI_TIMEOUT",
        `ImageAutomation ${ref.namespace}/${ref.name}: was not scanned within ${timeout} s; see whether the controller runs`,
      );
    await clock.sleep(pollMs, signal);
  }
}
