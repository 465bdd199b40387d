import { describeSourceTree } from "#test/contracts/source-tree.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";

describeSourceTree("in-memory", async (files) => createMemoryTree(files));
