import { defineCommand } from "../../command.ts";
import { openHub } from "../../hub.ts";
import { readSigningKeys, requireSigningKey, writeSigningKeys } from "../../signing-keys.ts";

export const command = defineCommand({
  name: "gpg rm",
  summary: "Remove a public key",
  details: "Commits that it signed are not deployed any more by projects that ask for signatures.",
  args: { usage: "KEYID", min: 1, max: 1 },
  flags: {},
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const id = invocation.args[0] ?? "";
    requireSigningKey(await readSigningKeys(hub, ports.signal), id);
    await writeSigningKeys(hub, { [id]: null }, ports.signal);
    ports.stdout.write(`Key ${id} removed\n`);
    return 0;
  },
});
