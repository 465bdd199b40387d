import type { KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import { projectOf } from "#core/project/project-of.ts";
import { applicationKeyOf } from "./named-applications.ts";
import type { Pipeline, Stage } from "./pipeline.ts";

/**
 * What can be said of a Pipeline that makes no sense: which Applications it has in which stages. Its gates cannot be asked, and must not open because of
 * that.
 */
export function viewUnreadable(object: KubeObject): Pipeline {
  const { name = "", namespace = "", uid = "", generation = 0 } = object.metadata;
  const given = viewArray(object, "spec", "stages").filter((stage) => isJsonObject(stage));
  const names = given.map((stage, i) => viewString(stage, "name") ?? `stages[${i}]`);
  const stages = given.map((stage, i): Stage => {
    const isFirst = i === 0 && stage["after"] === undefined;
    return {
      ...nothing,
      name: names[i] ?? "",
      repoUrl: viewString(stage, "repoURL") ?? viewString(object, "spec", "repoURL") ?? "",
      branch: viewString(stage, "branch") ?? "",
      applications: viewArray(stage, "applications")
        .filter((each) => typeof each === "string")
        .map((each) => applicationKeyOf(each, namespace)),
      // What takes from nothing and asks for nothing is open whatever the rest says.
      after: isFirst && stage["gates"] === undefined ? [] : ["?"],
    };
  });
  return {
    name,
    namespace,
    uid,
    generation,
    project: projectOf(object),
    intervalMs: 60_000,
    isSuspended: false,
    historyLimit: 20,
    author: { name: "", email: "" },
    signingKeySecretRef: undefined,
    forge: undefined,
    freezes: [],
    stages,
    status: {},
    annotations: {},
  };
}

const nothing = {
  path: "",
  isAutomatic: false,
  takesEach: false,
  write: { by: "fast-forward", keep: [], pullRequest: undefined },
  gates: [],
  verification: [],
  deadlineMs: 0,
  onFailure: "hold",
} as const satisfies Partial<Stage>;
