import { describe } from "vitest";
import { describeCalledReaders, describeCalls, describeWhomToCall } from "./calls.ts";
import { describeCompaction, describeLimits } from "./compaction.ts";
import type { OpenStore } from "./fixture.ts";
import { describeAgainstModel } from "./histories.ts";
import { describeLists, describePastLists } from "./lists.ts";
import { describeReaderRevisions, describeReaders } from "./readers.ts";
import { describeWrites } from "./writes.ts";

/** What every Store does. `histories` is how many random ones it is put through. */
export function describeStore(name: string, open: OpenStore, histories: number): void {
  describe(`${name} store`, { timeout: 30_000 }, () => {
    describeWrites(open);
    describeLists(open);
    describePastLists(open);
    describeReaders(open);
    describeReaderRevisions(open);
    describeCalls(open);
    describeWhomToCall(open);
    describeCalledReaders(open);
    describeCompaction(open);
    describeLimits(open);
    describeAgainstModel(open, histories);
  });
}
