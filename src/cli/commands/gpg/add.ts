import { messageOf } from "#core/errors/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { openHub } from "../../hub.ts";
import { viewSigningKeys } from "#engine/signing-keys.ts";
import { writeSigningKeys } from "../../signing-keys.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "gpg add",
  summary: "Add public keys",
  details: "A key counts only in projects that name it in signatureKeys or sourceIntegrity.",
  examples: ["gpg --armor --export ada@example.com > ada.asc && mooring gpg add --from ada.asc"],
  args: noArgs,
  flags: { from: { type: "string", short: "f", value: "FILE", description: "Armored public keys" } },
  run: async (invocation, ports) => {
    const file = invocation.flags.from;
    if (file === undefined) throw usageError("flag --from is needed; name a file with armored public keys");
    const text = await ports.readFile(file).catch((error: unknown) => {
      throw usageError(`file ${file}: cannot be read: ${messageOf(error)}`);
    });
    const keys = await viewSigningKeys(text, `file ${file}`);
    await using hub = await openHub(invocation, ports);
    const data = Object.fromEntries(keys.map(({ keyID, keyData }) => [keyID, keyData]));
    await writeSigningKeys(hub, data, ports.signal);
    for (const { keyID, owner } of keys) ports.stdout.write(`Key ${keyID} of ${owner} added\n`);
    return 0;
  },
});
