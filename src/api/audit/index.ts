import type { DescMethod } from "@bufbuild/protobuf";
import { isMooringError } from "#core/errors/index.ts";
import type { AuditRecord } from "#ports/audit-store.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Caller } from "../caller.ts";
import { services } from "../contract/methods.ts";
import type { Asked, Recorder } from "../dispatch.ts";
import { isRead } from "./is-read.ts";
import type { Write } from "./observed-cluster.ts";
import type { RecordingOptions } from "./record-of.ts";
import { recordOf } from "./record-of.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import type { RecordLimits } from "./record-limits.ts";
import type { WriteNotes } from "./write-notes.ts";

export { createFingerprint } from "./fingerprint.ts";
export { createRecordKeeper } from "./record-keeper.ts";
export { createRecordLimits } from "./record-limits.ts";
export type { WriteNotes } from "./write-notes.ts";
export { createWriteNotes } from "./write-notes.ts";

export interface AuditRecorderOptions extends RecordingOptions {
  readonly keeper: Pick<RecordKeeper, "assertReady">;
  readonly limits: RecordLimits;
  readonly notes: WriteNotes;
  /** Whether somebody may log in with this name. */
  readonly isAccount: (name: string) => boolean;
  readonly clock: Clock;
}

/**
 * Records every request that is not there to read, whatever came of it; of those that are, the ones that the policy refuses and the ones
 * that wrote something all the same, such as a refresh. A request is answered when its record is kept. Who logs out without being anybody
 * does nothing, and may do it a million times.
 */
export function createAuditRecorder(options: AuditRecorderOptions): Recorder<Caller> {
  const { keeper, limits, notes, clock } = options;
  return {
    run: async (asked, work) => {
      const isRecorded = !isRead(asked.method);
      if (isRecorded) await keeper.assertReady();
      const began = { timeMs: clock.now(), ms: performance.now() };
      let caller: Caller | undefined;
      const { done, writes } = notes.during(() => work((admitted) => (caller = admitted)));
      const tell = async (error: unknown): Promise<void> => {
        const isRefused = isMooringError(error, "API_FORBIDDEN");
        const isWanted = isRecorded && !isLogoutOfNobody(asked.method, caller);
        if (!isWanted && writes.length === 0 && !isRefused) return;
        await limits.keep(ended({ asked, caller, error, writes, began }, options));
      };
      const outcome = await done.then(
        (answer) => ({ answer }),
        (error: unknown) => ({ error }),
      );
      await tell("error" in outcome ? outcome.error : undefined);
      if ("error" in outcome) throw outcome.error;
      return outcome.answer;
    },
    streamFailed: async (asked, { caller, error }) => {
      if (!isMooringError(error, "API_FORBIDDEN")) return;
      const began = { timeMs: clock.now(), ms: performance.now() };
      await limits.keep(ended({ asked, caller, error, writes: [], began }, options));
    },
  };
}

interface Outcome {
  readonly asked: Asked;
  readonly caller: Caller | undefined;
  readonly error: unknown;
  readonly writes: readonly Write[];
  readonly began: { readonly timeMs: number; readonly ms: number };
}

function ended({ began, ...outcome }: Outcome, options: AuditRecorderOptions): AuditRecord {
  const { asked, caller, error, writes } = outcome;
  const { timeMs, ms } = began;
  const took = { timeMs, durationMs: performance.now() - ms };
  const record = recordOf({ ...asked, ...took, identity: caller?.identity, error, writes }, options);
  return isLogin(asked.method) ? asLogin(record, loginName(asked, options)) : record;
}

function isLogin(method: DescMethod): boolean {
  return method === services.session.method.create;
}

function isLogoutOfNobody(method: DescMethod, caller: Caller | undefined): boolean {
  const kind = caller?.identity?.kind ?? "anonymous";
  return method === services.session.method.delete && kind === "anonymous";
}

/** Some people type their password where the name belongs, so that a name which is no account's is not kept as it is; equal ones look equal. */
function loginName(
  { request }: Asked,
  { fingerprint, isAccount }: Pick<AuditRecorderOptions, "fingerprint" | "isAccount">,
): string {
  const username = request?.["username"];
  if (typeof username !== "string" || username === "") return "";
  return isAccount(username) ? username : `unknown-${fingerprint.ofText(username).slice(0, 8)}`;
}

/** Who logs in is known by the password alone. */
function asLogin(record: AuditRecord, name: string): AuditRecord {
  const named = { ...record, target: { ...record.target, name } };
  if (record.outcome !== "ok") return named;
  return { ...named, user: { ...record.user, name, subject: name, kind: "local" } };
}
