import { expect, it } from "vitest";
import { highestInRange, highestVersion, isVersionRange, sortVersions } from "./version-range.ts";

const tags = [
  "v1.0.0",
  "1.1.0",
  "v1.1.0-rc.1",
  "v1.2",
  "v2.0.0-beta.1",
  "v2.0.0-beta.2",
  "v0.9.9",
  "nightly",
  "prod/v3.0.0",
  "v3",
];

it.for([
  ["*", "v3"],
  ["1.x", "v1.2"],
  ["v1.*", "v1.2"],
  ["1.1.x", "1.1.0"],
  ["~1.0", "v1.0.0"],
  ["^1.0.0", "v1.2"],
  [">=1.0.0 <1.2.0", "1.1.0"],
  [">=1.0.0, <1.2.0", "1.1.0"],
  ["1.0.0 - 1.1.0", "1.1.0"],
  ["<1 || ~1.0", "v1.0.0"],
  ["1.x, !=1.2.0", "1.1.0"],
  ["=> 0.9, =< 1.0", "v1.0.0"],
  [">=2.0.0-0 <3", "v2.0.0-beta.2"],
  [">=2.0.0 <3", undefined],
  ["~1.1.0-0", "1.1.0"],
  ["prod/v3.*", "prod/v3.0.0"],
  ["4.x", undefined],
])("picks the highest tag of %s", ([range, tag]) => {
  expect(isVersionRange(range ?? "")).toBe(true);
  expect(highestInRange(range ?? "", tags)).toBe(tag);
  expect(highestInRange(range ?? "", tags.toReversed())).toBe(tag);
});

it("takes one version, or a name, for no range", () => {
  const names = [
    "1.0.0",
    "v1",
    "v1.2",
    "main",
    "feature-x",
    "release-1.x",
    "fix/x-ray",
    "next",
    "HEAD",
    "1.0.0-rc.1",
    "",
  ];
  expect(names.filter((name) => isVersionRange(name))).toEqual([]);
});

it.for([
  ["", "2.1.0"],
  ["*", "2.1.0"],
  ["1.2", "1.2.9"],
  ["1", "v1.10.0"],
  ["1.2.0", "1.2.0"],
  ["v1.2.0", "1.2.0"],
  ["1.10.0", "v1.10.0"],
  ["3.0.0-rc.1", "3.0.0-rc.1"],
  [">2.1.0", undefined],
  [">2.1.0-0", "3.0.0-rc.1"],
  ["~1.2, !=1.2.9", "1.2.0"],
  ["2.0.0+build", "2.0.0+build"],
  ["2.0.x", "2.0.0+build"],
  ["nightly", "nightly"],
  ["none", undefined],
])("picks the version %j as Helm does", ([constraint, expected]) => {
  const versions = ["1.2.0", "v1.10.0", "1.2.9", "2.0.0", "2.0.0+build", "2.1.0", "3.0.0-rc.1", "nightly"];
  expect(highestVersion(constraint ?? "", versions)).toBe(expected);
});

it("sorts versions, the highest first, and leaves out what is none", () => {
  expect(sortVersions(["1.2", "latest", "v1.10.0", "2.0.0-rc.1", "2.0.0"])).toEqual([
    "2.0.0",
    "2.0.0-rc.1",
    "v1.10.0",
    "1.2",
  ]);
});
