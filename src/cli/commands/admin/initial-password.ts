import {
  adminName,
  authSecretName,
  initialPasswordLength,
  initialPasswordSecret,
  initialPasswordSecretName,
  passwordLetters,
  secretText,
  withPassword,
} from "#core/accounts/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { formatTime } from "#runtime/clock.ts";
import { randomText } from "#runtime/random-text.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";
import { defineCommand } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { adminFlags, cliFieldManager, openAdminHub } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "admin initial-password",
  summary: "Print the first password of admin, or make a new one",
  details:
    "With reset a new password is made, which ends every session and API token of admin. Change it after the first login, and delete the Secret argocd-initial-admin-secret.",
  examples: ["mooring admin initial-password", "mooring admin initial-password reset"],
  args: { usage: "[reset]", min: 0, max: 1 },
  flags: adminFlags,
  run: async (invocation, ports) => {
    const [verb] = invocation.args;
    if (verb !== undefined && verb !== "reset") {
      throw usageError(`argument ${JSON.stringify(verb)}: is not reset, the only one that can follow`);
    }
    await using hub = await openAdminHub(invocation, ports);
    const password = verb === "reset" ? await resetPassword(hub, ports) : await readPassword(hub, ports);
    ports.stdout.write(`${password}\n`);
    ports.stderr.write(
      "Use it for the first login only: change it with mooring account update-password, then delete the Secret argocd-initial-admin-secret.\n",
    );
    return 0;
  },
});

async function readPassword(hub: CliHub, { signal }: CliPorts): Promise<string> {
  const ref = { type: hubTypes.secret, namespace: hub.namespace, name: initialPasswordSecretName };
  const password = secretText(await hub.cluster.read(ref, signal), "password");
  if (password !== undefined) return password;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `Secret/${hub.namespace}/${initialPasswordSecretName}: does not exist or has no password, as after somebody deleted it; make a new one with: mooring admin initial-password reset`,
  );
}

/** The password counts first and is told then: one that is told and does not count would only mislead. */
async function resetPassword(hub: CliHub, { signal, clock }: CliPorts): Promise<string> {
  const { hashPassword } = await import("#runtime/password-hash.ts");
  const password = randomText(initialPasswordLength, passwordLetters);
  const hash = await hashPassword(password);
  const options = { fieldManager: cliFieldManager, signal };
  const refOf = (name: string) => ({ type: hubTypes.secret, namespace: hub.namespace, name });
  await repeatOnConflict(async () => {
    const secret = await hub.cluster.read(refOf(authSecretName), signal);
    if (secret === undefined) {
      throw new MooringError(
        "CONFIG_NOT_FOUND",
        `Secret/${hub.namespace}/${authSecretName}: does not exist; start the server once, which makes it, or name another namespace with -n`,
      );
    }
    const changed = withPassword(secret, adminName, { hash, changed: formatTime(clock.now()) });
    await hub.cluster.replace(hubTypes.secret, changed, options);
  });
  await repeatOnConflict(async () => {
    const known = await hub.cluster.read(refOf(initialPasswordSecretName), signal);
    const told = initialPasswordSecret(hub.namespace, password);
    if (known === undefined) await hub.cluster.create(hubTypes.secret, told, options);
    else await hub.cluster.replace(hubTypes.secret, { ...told, metadata: known.metadata }, options);
  });
  return password;
}
