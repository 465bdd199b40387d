import { defineCommand } from "../../command.ts";
import { openHub } from "../../hub.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import { viewSigningKeys } from "#engine/signing-keys.ts";
import { readSigningKeys, requireSigningKey } from "../../signing-keys.ts";

export const command = defineCommand({
  name: "gpg get",
  summary: "Show a public key",
  args: { usage: "KEYID", min: 1, max: 1 },
  flags: {
    output: { type: "string", short: "o", choices: ["wide", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const id = invocation.args[0] ?? "";
    const text = requireSigningKey(await readSigningKeys(hub, ports.signal), id);
    const views = await viewSigningKeys(text, `ConfigMap/argocd-gpg-keys-cm field ${id}`);
    const { output } = invocation.flags;
    for (const view of views) {
      if (output === "json" || output === "yaml") printValue(ports.stdout, output, { ...view });
      else {
        const lines = [
          ["Key ID:", view.keyID],
          ["Key fingerprint:", view.fingerprint],
          ["Key subtype:", view.subType.toUpperCase()],
          ["Key owner:", view.owner],
        ];
        ports.stdout.write(`${formatTable(lines)}Key data follows until EOF:\n${view.keyData}\n`);
      }
    }
    return 0;
  },
});
