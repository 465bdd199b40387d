import { defineCommand, noArgs } from "../../command.ts";
import { openHub } from "../../hub.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import type { SigningKeyView } from "#engine/signing-keys.ts";
import { viewSigningKeys } from "#engine/signing-keys.ts";
import { readSigningKeys } from "../../signing-keys.ts";

export const command = defineCommand({
  name: "gpg list",
  summary: "List public keys",
  args: noArgs,
  flags: {
    output: { type: "string", short: "o", choices: ["wide", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const stored = await readSigningKeys(hub, ports.signal);
    const views: SigningKeyView[] = [];
    for (const [id, text] of Object.entries(stored)) {
      views.push(...(await viewSigningKeys(text, `ConfigMap/argocd-gpg-keys-cm field ${id}`)));
    }
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml") {
      printValue(
        ports.stdout,
        output,
        views.map((view) => ({ ...view })),
      );
      return 0;
    }
    const rows = views.map(({ keyID, subType, owner }) => [keyID, subType.toUpperCase(), owner]);
    ports.stdout.write(formatTable([["KEYID", "TYPE", "IDENTITY"], ...rows]));
    return 0;
  },
});
