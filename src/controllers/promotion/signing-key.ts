import { MooringError } from "#core/errors/index.ts";
import { viewString } from "#core/object/index.ts";
import { describeReadable, mayReadSecret } from "#core/promotion/may-read-secret.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { SigningKey } from "#ports/git-writer.ts";
import type { Pass } from "./pass.ts";

/**
 * A value of a Secret in the Pipeline's namespace that is marked for promotions. Throws CONFIG_NOT_FOUND naming the Secret and what it needs: of one that
 * the Pipeline may not use nobody learns that it exists.
 */
export async function readSecretValue(
  { name, key }: { readonly name: string; readonly key: string },
  { pipeline, deps, signal }: Pick<Pass, "pipeline" | "deps" | "signal">,
): Promise<string> {
  const { namespace, project } = pipeline;
  const secret = await deps.hub.cluster.read({ type: hubTypes.secret, namespace, name }, signal);
  const subject = `Pipeline/${namespace}/${pipeline.name}: Secret/${namespace}/${name}`;
  if (secret === undefined || !mayReadSecret(secret, project)) {
    throw new MooringError(
      "CONFIG_NOT_FOUND",
      `${subject} does not exist, or is not for promotions of this project: it needs ${describeReadable(project)}; create it, label it, or correct the reference`,
    );
  }
  const value = decodeBase64Text(viewString(secret, "data", key) ?? "");
  if (value !== undefined && value !== "") return value;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `${subject} has no key ${key}; add it, or correct the reference`,
  );
}

/** The key that signs the commits; undefined where none is wanted. */
export async function signingKeyOf(pass: Pass): Promise<SigningKey | undefined> {
  const ref = pass.pipeline.signingKeySecretRef;
  if (ref === undefined) return undefined;
  const { name, key, passphraseKey } = ref;
  return {
    key: await readSecretValue({ name, key }, pass),
    ...(passphraseKey === undefined
      ? {}
      : { passphrase: await readSecretValue({ name, key: passphraseKey }, pass) }),
  };
}
