/** A write that was made lately. */
interface Write {
  /** Names what it changed. */
  readonly change: string;
  readonly commit: string;
  /** RFC 3339. */
  readonly time: string;
}

/** What is remembered of an automation's writes, as its status holds it. */
export interface WriteGuard {
  readonly generation?: number;
  readonly resumed?: string;
  readonly stopped?: boolean;
  readonly writes?: readonly Write[];
}

/** What takes a stop away: another spec, or another word in the annotation. */
interface Asked {
  readonly generation: number;
  readonly resumed: string;
}

const windowMs = 3_600_000;
const maxSame = 3;
const maxWrites = 50;

/** The guard as it holds now: without what is long ago, and anew when somebody changed the spec or asked to go on. */
export function currentGuard(
  known: WriteGuard | undefined,
  asked: Asked,
  nowMs: number,
): Required<WriteGuard> {
  const isSame = known?.generation === asked.generation && (known.resumed ?? "") === asked.resumed;
  if (!isSame) return { ...asked, stopped: false, writes: [] };
  const writes = (known.writes ?? []).filter(({ time }) => nowMs - Date.parse(time) < windowMs);
  return { ...asked, stopped: known.stopped ?? false, writes };
}

/** True for a change that was written so often lately that somebody must be taking it back. */
export function isFlapping({ stopped, writes }: Required<WriteGuard>, change: string): boolean {
  return stopped || writes.filter((write) => write.change === change).length >= maxSame;
}

export function withWrite(guard: Required<WriteGuard>, write: Write): Required<WriteGuard> {
  return { ...guard, writes: [...guard.writes, write].slice(-maxWrites) };
}
