import { describe, expect, it } from "vitest";
import type { StopQuestion } from "./stops.ts";
import { whyNotSynced, whyNotWritten } from "./stops.ts";

const at = "2026-12-01T00:00:00Z";
const revision = "1a2b3c4".padEnd(40, "0");
const byRollback = { revisions: [revision], by: "kim", reason: "it loses orders", since: at };
const byHand = { ...byRollback, revisions: [] };

interface Made {
  readonly spec?: Partial<StopQuestion["promotion"]["spec"]>;
  readonly status?: StopQuestion["promotion"]["status"];
  readonly stage?: StopQuestion["stage"];
  readonly isSuspended?: boolean;
}

function asked({ spec = {}, status = {}, stage = {}, isSuspended = false }: Made): StopQuestion {
  return {
    promotion: {
      name: "shop-prod-1a2b3c4",
      spec: {
        pipeline: "shop",
        stage: "prod",
        kind: "Promote",
        cause: "Automation",
        revision,
        requestedBy: { username: "mooring" },
        requestedAt: at,
        ...spec,
      },
      status: { phase: "Writing", ...status },
    },
    pipeline: { name: "shop", isSuspended },
    stage,
  };
}

const frozen = { frozen: "holidays (nobody is here), until 2027-01-07T00:00:00Z" };
const breakGlass = { username: "boss", at, reason: "prod is down" };

describe("what its gates have let through", () => {
  it("is not written while the stage is frozen or the pipeline suspended, whoever asked and whatever it is", () => {
    for (const cause of ["Person", "Automation", "Failure"] as const)
      for (const kind of ["Promote", "Rollback"] as const) {
        const question = asked({ spec: { cause, kind }, stage: frozen });
        expect(whyNotWritten(question)).toContain("until 2027-01-07T00:00:00Z; break the glass with");
        expect(whyNotSynced(question)).toBe(whyNotWritten(question));
      }
    expect(whyNotWritten(asked({ isSuspended: true }))).toContain("set spec.suspend to false");
    expect(whyNotWritten(asked({}))).toBeUndefined();
  });

  it("is not written while a person holds the stage, nor brought again by automation once it was rolled back", () => {
    const message = "held by kim since 2026-12-01T00:00:00Z: it loses orders; end it with";
    expect(whyNotWritten(asked({ spec: { cause: "Person" }, stage: { hold: byHand } }))).toContain(message);
    expect(whyNotWritten(asked({ stage: { hold: byRollback } }))).toContain(message);
    expect(whyNotWritten(asked({ spec: { cause: "Person" }, stage: { hold: byRollback } }))).toBeUndefined();
    expect(whyNotWritten(asked({ spec: { kind: "Rollback" }, stage: { hold: byHand } }))).toBeUndefined();
    expect(whyNotSynced(asked({ stage: { hold: byHand } }))).toBeUndefined();
  });

  it("is written where the glass was broken", () => {
    const question = asked({
      status: { breakGlass },
      stage: { ...frozen, hold: byHand },
      isSuspended: true,
    });
    expect(whyNotWritten(question)).toBeUndefined();
    expect(whyNotSynced(question)).toBeUndefined();
  });
});
