import { expect, it } from "vitest";
import { keyOf } from "#core/object/index.ts";
import { object } from "./testdata/build.ts";
import { formatConfirmation, formatWait, viewWait } from "./waits.ts";

it("says for what and since when an operation waits, and what ends that", () => {
  const message = "waiting for completion of hook batch/Job/migrate (active: 1; ready: 0)";
  const text = formatWait({
    message,
    since: "2026-01-01T00:00:00Z",
    wayOut: "run: mooring app terminate-op web",
  });
  expect(text).toBe(`${message}, since 2026-01-01T00:00:00Z; to stop it run: mooring app terminate-op web`);
  expect(viewWait(text)).toBe(`${message}, since 2026-01-01T00:00:00Z`);
  expect(viewWait("syncing")).toBe("syncing");
});

it("names the first object that asks for confirmation, and how to give it", () => {
  const keys = ["ConfigMap/a", "ConfigMap/b", "ConfigMap/c"].map((id) => keyOf(object(id)));
  expect(formatConfirmation(keys, "run: mooring app confirm-deletion web")).toBe(
    "waiting for pruning confirmation of ConfigMap/shop/a and 2 more; to approve it run: mooring app confirm-deletion web",
  );
});
