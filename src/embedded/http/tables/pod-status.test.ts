import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { podStatus } from "./pod-status.ts";

const nowMs = Date.parse("2026-01-01T01:00:00Z");
const running = { state: { running: {} }, ready: true };
const spec = { containers: [{ name: "a" }, { name: "b" }] };

function show(pod: JsonObject): string {
  const { ready, reason, restarts } = podStatus({ spec, ...pod }, nowMs);
  return `${ready} ${reason} ${restarts}`;
}

function ended(exitCode: number, reason = ""): JsonObject {
  return { state: { terminated: { exitCode, ...(reason === "" ? {} : { reason }) } } };
}

it("shows pods that run, wait and fail", () => {
  const status = (...containerStatuses: readonly JsonObject[]) => ({
    status: { phase: "Running", containerStatuses },
  });
  expect(show({ status: { phase: "Pending" } })).toBe("0/2 Pending 0");
  expect(show(status(running, running))).toBe("2/2 Running 0");
  expect(show(status(running, { state: { waiting: { reason: "CrashLoopBackOff" } }, restartCount: 4 }))).toBe(
    "1/2 CrashLoopBackOff 4",
  );
  expect(show(status(ended(137), running))).toBe("1/2 ExitCode:137 0");
  expect(show(status(ended(0, "Completed"), running))).toBe("1/2 NotReady 0");
  expect(show(status(ended(0, "Completed"), ended(1, "Error")))).toBe("0/2 Error 0");
});

it("says when a container was last restarted", () => {
  const lastState = { terminated: { finishedAt: "2026-01-01T00:58:30Z" } };
  const containerStatuses = [{ ...running, restartCount: 3, lastState }];
  expect(show({ status: { phase: "Running", containerStatuses } })).toBe("1/2 Running 3 (90s ago)");
});

it("shows how far a pod's initialisation has come", () => {
  const init = (...initContainerStatuses: readonly JsonObject[]) => ({
    spec: { ...spec, initContainers: [{ name: "i" }, { name: "s", restartPolicy: "Always" }] },
    status: { phase: "Pending", initContainerStatuses, containerStatuses: [running] },
  });
  expect(show(init({ name: "i", state: { running: {} } }))).toBe("0/3 Init:0/2 0");
  expect(show(init({ name: "i", ...ended(1, "Error") }))).toBe("0/3 Init:Error 0");
  expect(
    show(init({ name: "i", ...ended(0) }, { name: "s", state: { waiting: { reason: "ErrImagePull" } } })),
  ).toBe("0/3 Init:ErrImagePull 0");
  // A sidecar that has started counts as a container.
  expect(show(init({ name: "i", ...ended(0) }, { name: "s", started: true, ready: true }))).toBe(
    "2/3 Pending 0",
  );
});

it("shows pods that go away", () => {
  const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
  expect(show({ metadata, status: { phase: "Running" } })).toBe("0/2 Terminating 0");
  expect(show({ metadata, status: { phase: "Succeeded" } })).toBe("0/2 Succeeded 0");
  expect(show({ metadata, status: { phase: "Running", reason: "NodeLost" } })).toBe("0/2 Unknown 0");
});
