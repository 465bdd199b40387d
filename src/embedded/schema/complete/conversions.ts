import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import { textOf } from "../text-of.ts";
import { type Draft, open } from "./defaults/draft.ts";

export const templateGeneration = "deprecated.daemonset.template.generation";

function convertSecret(draft: Draft): void {
  const { stringData } = draft;
  if (isJsonObject(stringData)) draft["data"] = { ...viewObject(draft, "data"), ...encoded(stringData) };
  delete draft["stringData"];
}

function encoded(texts: Draft): Draft {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(textOf(text), "utf8").toString("base64")]),
  );
}

/** The counter is a field of its own in the API server, and shown as an annotation. */
function convertDaemonSet(draft: Draft): void {
  const given = viewString(draft, "metadata", "annotations", templateGeneration);
  open(open(draft, "metadata"), "annotations")[templateGeneration] = given ?? "0";
}

/** What reading an object makes of it beside defaults, by `group/Kind`: the API server has fields that its versions have otherwise. */
export const conversions: Readonly<Record<string, (draft: Draft) => void>> = {
  "/Secret": convertSecret,
  "apps/DaemonSet": convertDaemonSet,
};
