import { expect, it } from "vitest";
import { planSync } from "./plan-sync.ts";
import { drifted, input, object, widgetCrd } from "./testdata/build.ts";

it("never forces an object whose deletion would take other things along", () => {
  const options = { "sync-options": "Replace=true,Force=true" };
  const objects = [
    drifted(object("Namespace/shop", options)),
    drifted(object("CustomResourceDefinition/widgets", options, widgetCrd)),
    drifted(object("PersistentVolumeClaim/data", options)),
    drifted(object("PersistentVolume/disk", options)),
    drifted(object("Deployment/web", options)),
  ];
  const actions = planSync(input({ objects })).waves.flatMap((wave) =>
    wave.groups.flatMap((group) => group.actions),
  );
  const forced = actions.filter((action) => action.verb === "apply" && action.force);
  expect(actions).toHaveLength(5);
  expect(forced.map((action) => action.key)).toEqual(["apps/Deployment/shop/web"]);
});
