import { expect, it } from "vitest";
import { sortErrors } from "./preview-errors.ts";

it.each([
  [
    'Application/argocd/web: project "nope" does not exist; create the AppProject or correct spec.project',
    { project: 'Project "nope" does not exist; create the AppProject or correct spec.project.' },
  ],
  [
    'Application/argocd/web: repository https://git.invalid/web.git is not permitted in project "tight" (spec.sourceRepos); add it to sourceRepos\nApplication/argocd/web: cluster in-cluster with namespace "x" is not permitted in project "tight" (spec.destinations); add it to destinations',
    { repoURL: /^Repository https/u, cluster: /^Cluster in-cluster/u },
  ],
  [
    "zz: app path does not exist in revision d3fc3bb; correct the path or add the directory",
    { path: /^zz/u },
  ],
  [
    'repository https://git.invalid/web.git: revision "nope" is no branch, tag or matching version; correct targetRevision',
    { targetRevision: /"nope" is no branch/u },
  ],
  [
    "repository https://git.invalid/web.git: listing refs: nothing listens there",
    { repoURL: /^Repository/u },
  ],
  ["Application/argocd/web: exists already; give the new one another name", { name: /^Exists already/u }],
  [
    "Application/argocd/web: spec.source.repoURL is empty; add the repository\nApplication/argocd/web: spec.source has neither path nor chart; add one of them",
    { repoURL: /^spec\.source\.repoURL/u, path: /neither path/u },
  ],
])("puts to its field what the server says: %s", (message, expected) => {
  const { errors, others } = sortErrors(message, "web");
  expect(others).toEqual([]);
  expect(Object.keys(errors).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [field, words] of Object.entries(expected))
    expect(errors[field as keyof typeof errors]).toMatch(words as string | RegExp);
});

it("keeps what is about no field of the form", () => {
  expect(
    sortErrors("a/all.yaml:3 (document 1): indentation does not fit the lines before it", "web"),
  ).toEqual({
    errors: {},
    others: ["a/all.yaml:3 (document 1): indentation does not fit the lines before it."],
  });
});
