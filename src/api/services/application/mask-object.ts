import type { KubeObject } from "#core/object/index.ts";
import { isSecret, redactSecrets } from "#core/redact/index.ts";
import type { ApiContext } from "../../context.ts";
import { projectOf } from "#core/project/project-of.ts";
import { isApplication, withoutOwnManifests } from "./present-application.ts";

interface MaskOptions {
  /** The Application that the object is shown as part of. */
  readonly app: KubeObject;
  /** Fields of any kind that hold values which are encrypted in Git. */
  readonly secretPaths?: readonly (readonly (string | number)[])[];
  /** With the record of who owns which field, where nothing of the object is hidden: keys of lists and sets hold values. */
  readonly showsOwners?: boolean;
}

/**
 * An object as it may leave the server, as text: values of Secrets, and what is encrypted in Git, are replaced by keyed hashes. Every method
 * that gives objects away goes through here. What is hidden of an Application is also hidden where it is an object of another. The record
 * of who owns which field is left out unless it is asked for.
 */
export function maskObject(
  { secretHash, config }: Pick<ApiContext, "secretHash" | "config">,
  object: KubeObject,
  { app, secretPaths = [], showsOwners = false }: MaskOptions,
): string {
  const isHidden = isSecret(object) || isApplication(object) || secretPaths.length > 0;
  const shown = isApplication(object) ? (withoutOwnManifests(object) as KubeObject) : object;
  const { managedFields, ...others } = shown.metadata;
  const metadata =
    showsOwners && !isHidden && managedFields !== undefined ? { ...others, managedFields } : others;
  const { sensitiveAnnotations } = config().settings;
  const hiding = { hash: maskHash({ secretHash }, app), secretPaths, sensitiveAnnotations };
  return JSON.stringify(redactSecrets({ ...shown, metadata }, hiding));
}

/** The hash of hidden values for whoever sees them in an Application: of another one, or of its project's next owner, it is another. */
export function maskHash(
  { secretHash }: Pick<ApiContext, "secretHash">,
  app: KubeObject,
): (value: string) => string {
  const { namespace = "", name = "" } = app.metadata;
  return secretHash(JSON.stringify([projectOf(app), namespace, name]));
}
