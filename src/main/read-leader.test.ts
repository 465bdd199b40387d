import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { leaderOf } from "./read-leader.ts";

const lease = (holderIdentity: string): KubeObject => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "mooring-controller" },
  spec: {
    holderIdentity,
    leaseDurationSeconds: 15,
    acquireTime: "2026-11-30T11:00:00.000000Z",
    renewTime: "2026-11-30T12:00:00.000000Z",
  },
});
const at = (time: string) => Date.parse(`2026-11-30T${time}Z`);

it("says who leads until the Lease has run out, and since when", () => {
  const known = {
    identity: "controller-0",
    since: "2026-11-30T11:00:00.000000Z",
    renewedAt: "2026-11-30T12:00:00.000000Z",
  };
  expect(leaderOf(lease("controller-0"), at("12:00:14"))).toEqual({ leads: true, ...known });
  expect(leaderOf(lease("controller-0"), at("12:00:21"))).toEqual({ leads: false, ...known });
});

it("says that nobody leads when the Lease was given back or never made", () => {
  expect(leaderOf(lease(""), at("12:00:01"))).toEqual({
    leads: false,
    identity: "",
    renewedAt: "2026-11-30T12:00:00.000000Z",
  });
  expect(leaderOf(undefined, at("12:00:01"))).toEqual({ leads: false, identity: "" });
});
