import { expect, it } from "vitest";
import { parseRemoteRefs } from "./refs.ts";
import { findRevision, parseRevision } from "./revision.ts";

const [a, b, c, d] = ["a", "b", "c", "d"].map((letter) => letter.repeat(40));

const remote = parseRemoteRefs(
  [
    "ref: refs/heads/main\tHEAD",
    `${a}\tHEAD`,
    `${a}\trefs/heads/main`,
    `${b}\trefs/heads/1.x`,
    `${b}\trefs/heads/both`,
    `${b}\trefs/pull/7/head`,
    `${c}\trefs/tags/both`,
    `${d}\trefs/tags/v1.2.0`,
    `${c}\trefs/tags/v1.2.0^{}`,
    "",
  ].join("\n"),
);

it.for([
  ["", a, "refs/heads/main"],
  ["HEAD", a, "refs/heads/main"],
  [" main ", a, "refs/heads/main"],
  ["both", b, "refs/heads/both"],
  ["refs/tags/both", c, "refs/tags/both"],
  ["pull/7/head", b, "refs/pull/7/head"],
  ["v1.2.0", c, "refs/tags/v1.2.0"],
  ["1.x", c, "refs/tags/v1.2.0"],
  ["2.x", undefined, undefined],
  ["missing", undefined, undefined],
])("finds %s", ([revision, commit, ref]) => {
  const found = findRevision(remote, parseRevision(revision ?? ""));
  expect(found).toEqual(commit === undefined ? undefined : { commit, ref });
});

it("finds the highest version of the tags that begin with a prefix", () => {
  const monorepo = parseRemoteRefs(
    [
      `${a}\trefs/tags/web-1.4.0`,
      `${b}\trefs/tags/web-1.10.0`,
      `${c}\trefs/tags/api-1.20.0`,
      `${d}\trefs/tags/1.30.0`,
      `${d}\trefs/tags/web-2.0.0`,
      "",
    ].join("\n"),
  );
  const found = findRevision(monorepo, parseRevision("1.x", "web-"));
  expect(found).toEqual({ commit: b, ref: "refs/tags/web-1.10.0" });
  expect(findRevision(monorepo, parseRevision("1.x", "db-"))).toBeUndefined();
  expect(findRevision(monorepo, parseRevision("api-1.20.0", "web-"))?.commit).toBe(c);
});

it("takes a branch for what looks like a range when no tag is in the range", () => {
  const branches = parseRemoteRefs(`${b}\trefs/heads/1.x\n`);
  expect(findRevision(branches, parseRevision("1.x"))).toEqual({ commit: b, ref: "refs/heads/1.x" });
});

it("refuses a listing that git did not write", () => {
  expect(() => parseRemoteRefs("<html>\n")).toThrow("a line that is not a ref");
});
