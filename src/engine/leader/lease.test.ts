import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { claimedLease } from "./lease.ts";

const claim = { namespace: "argocd", name: "lease", identity: "a", durationSeconds: 15, nowMs: 0 };
const annotationsOf = ({ metadata }: KubeObject) => metadata.annotations;

it("says where its holder is asked, and keeps what others have noted on it", () => {
  const first = claimedLease({ ...claim, address: "10.0.0.1:8085" }, undefined);
  expect(annotationsOf(first)).toEqual({ "mooring.dev/internal-address": "10.0.0.1:8085" });
  const noted = {
    ...first,
    metadata: { ...first.metadata, annotations: { ...annotationsOf(first), note: "x" } },
  };
  const second = claimedLease({ ...claim, identity: "b", address: "10.0.0.2:8085" }, noted);
  expect(annotationsOf(second)).toEqual({ "mooring.dev/internal-address": "10.0.0.2:8085", note: "x" });
});

it("does not say where an earlier holder was asked when the new one cannot be", () => {
  const first = claimedLease({ ...claim, address: "10.0.0.1:8085" }, undefined);
  const second = claimedLease({ ...claim, identity: "b", address: undefined }, first);
  expect(annotationsOf(second)).toEqual({});
});
