import type { KubeObject } from "#core/object/index.ts";

const texts = new WeakMap<KubeObject, string>();

/** The object's JSON, made once: the answer to a write, what watches are told and what the log of events keeps are the same. */
export function objectText(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}
