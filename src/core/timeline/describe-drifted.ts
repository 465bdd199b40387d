import type { Drift } from "#core/compare/index.ts";
import { parseFieldText, valueAt } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject, ObjectKey } from "#core/object/index.ts";
import { isSecret } from "#core/redact/index.ts";

/** One field that was not as desired. */
interface DriftedField {
  /** `spec.replicas`. */
  readonly path: string;
  /** Who owned the live value; undefined for nobody. */
  readonly manager?: string;
  /** As JSON, cut off where it is long; undefined where there was none, or it may not be shown. */
  readonly live?: string;
  readonly desired?: string;
}

/** One object that was not as desired. */
export interface DriftedObject {
  readonly key: ObjectKey;
  /** `missing`: somebody deleted it; `extra`: it left Git and came back. */
  readonly what: "changed" | "missing" | "extra";
  readonly fields: readonly DriftedField[];
  /** Fields beside those. */
  readonly moreFields: number;
  /** Values are left out, because they are secret. */
  readonly isHidden: boolean;
}

interface Drifted {
  readonly key: ObjectKey;
  readonly drift: readonly Drift[];
  /** Undefined for what left Git. */
  readonly desired: KubeObject | undefined;
  /** Undefined for what does not exist. */
  readonly live: KubeObject | undefined;
  /** Some of its values are encrypted in Git. */
  readonly hasSecrets: boolean;
  /** Removes credentials from a text. */
  readonly redact: (text: string) => string;
}

/** More is nobody's hand, and a page of it helps nobody. */
const maxFields = 20;
const maxValueLetters = 200;

/** What of an object is not as desired, as it is kept for people to look back at: small, and without any secret. */
export function describeDrifted({ key, drift, desired, live, hasSecrets, redact }: Drifted): DriftedObject {
  const isHidden = hasSecrets || [desired, live].some((one) => one !== undefined && isSecret(one));
  const common = { key, isHidden };
  if (desired === undefined) return { ...common, what: "extra", fields: [], moreFields: 0 };
  if (live === undefined) return { ...common, what: "missing", fields: [], moreFields: 0 };
  const shown = drift.slice(0, maxFields).map(({ path, manager }): DriftedField => {
    const valueIn = (object: KubeObject) => (isHidden ? undefined : textAt(object, path));
    const [liveText, desiredText] = [valueIn(live), valueIn(desired)];
    return {
      path,
      ...(manager === undefined ? {} : { manager }),
      ...(liveText === undefined ? {} : { live: redact(liveText) }),
      ...(desiredText === undefined ? {} : { desired: redact(desiredText) }),
    };
  });
  return { ...common, what: "changed", fields: shown, moreFields: drift.length - shown.length };
}

function textAt(object: KubeObject, text: string): string | undefined {
  const path = parseFieldText(text);
  const value: JsonValue | undefined = path && valueAt(object as JsonObject, path);
  if (value === undefined) return undefined;
  const json = JSON.stringify(value);
  return json.length > maxValueLetters ? `${json.slice(0, maxValueLetters)}…` : json;
}
