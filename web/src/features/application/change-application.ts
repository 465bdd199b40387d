import { ApiError, call } from "../../lib/api/index.ts";
import type { Application } from "./application-query.ts";
import { isSame } from "./is-same.ts";

export type Spec = NonNullable<Application["spec"]>;

/** Somebody else changed the spec after it was read; `theirs` is the application as it is now. */
export class SpecChangedError extends Error {
  readonly theirs: Application;

  constructor(theirs: Application, cause?: unknown) {
    super("Somebody else changed the settings while you edited them. Nothing was saved.", { cause });
    this.name = "SpecChangedError";
    this.theirs = theirs;
  }
}

/** The name and namespace, as requests name an application. */
export function namedIn({ metadata }: Application): { readonly name: string; readonly appNamespace: string } {
  const { name = "", namespace = "" } = metadata ?? {};
  return { name, appNamespace: namespace };
}

/** Changes parts of an application; what the merge patch does not name stays. */
export function mergeInto(app: Application, patch: Readonly<Record<string, unknown>>): Promise<Application> {
  return call("application.patch", { ...namedIn(app), patchType: "merge", patch: JSON.stringify(patch) });
}

/**
 * Replaces the spec if it still is the one that was read: the server tests that in the same step as it writes. The version of the whole object
 * would not do, because every status that is written makes a new one. Throws SpecChangedError and ApiError.
 */
export async function replaceSpec(read: Application, spec: Spec): Promise<Application> {
  const before = read.spec ?? {};
  await refuseChanged(read);
  const patch = [
    { op: "test", path: "/spec", value: before },
    { op: "replace", path: "/spec", value: spec },
  ];
  try {
    return await call("application.patch", {
      ...namedIn(read),
      patchType: "json",
      patch: JSON.stringify(patch),
    });
  } catch (error) {
    // A test that fails is one of several reasons for which a server refuses a patch.
    if (error instanceof ApiError) await refuseChanged(read, error);
    throw error;
  }
}

async function refuseChanged(read: Application, cause?: Error): Promise<void> {
  const now = await call("application.get", namedIn(read));
  if (!isSame(now.spec ?? {}, read.spec ?? {})) throw new SpecChangedError(now, cause);
}
