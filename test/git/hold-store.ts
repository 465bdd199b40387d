import { startGitStore } from "#git/index.ts";
import { systemClock } from "#runtime/clock.ts";

// A program that a test kills in the middle of a fetch: node hold-store.ts <directory> <url> <commit>
const [directory = "", url = "", commit = ""] = process.argv.slice(2);
const signal = new AbortController().signal;
const store = await startGitStore({ directory, clock: systemClock, signal });
await store.open({ url, credentials: { kind: "none" }, insecureSkipVerify: false }, commit, signal);
