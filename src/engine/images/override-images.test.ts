import { expect, it } from "vitest";
import type { AutomatedImage } from "#core/images/index.ts";
import { parseAutomation } from "#core/images/index.ts";
import { viewPath } from "#core/object/index.ts";
import { planImageOverrides } from "./override-images.ts";

const name = "ghcr.io/acme/web";

function entry(): AutomatedImage {
  const { images } = parseAutomation({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "ImageAutomation",
    metadata: { name: "shop" },
    spec: { applicationRef: { name: "web" }, images: [{ image: name }] },
  });
  const [first] = images;
  if (first === undefined) throw new Error("no image was read");
  return first;
}

it.each([
  [`${name}=registry.local/mirror/web:v1`, `${name}=registry.local/mirror/web:v2`],
  [`${name}=registry.local:5000/web@sha256:${"a".repeat(64)}`, `${name}=registry.local:5000/web:v2`],
  [`web=${name}:v1`, `web=${name}:v2`],
  [`${name}=${name}`, `${name}=${name}:v2`],
  [`${name}:v1`, `${name}:v2`],
])("the image of a mirror stays one of the mirror when its tag is new: %s", (before, after) => {
  const app = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web" },
    spec: { source: { kustomize: { images: [before, "other:1"] } } },
  };
  const plan = planImageOverrides(app, [{ entry: entry(), image: { name, tag: "v2" } }], "Application web");
  expect(viewPath(plan?.patch ?? {}, "spec", "source", "kustomize", "images")).toEqual([after, "other:1"]);
});
