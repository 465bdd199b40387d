import { describeStore } from "./contract/index.ts";
import { createMemoryStore } from "./memory-store.ts";

describeStore("in-memory", createMemoryStore, 300);
