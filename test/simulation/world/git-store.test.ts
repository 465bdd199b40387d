import { createVirtualClock } from "../time/virtual-clock.ts";
import { describeGitStore } from "#test/contracts/git-store.ts";
import { SimulatedGitStore } from "./git-store.ts";
import { createRepository } from "./repositories.ts";

const url = "https://git.example.com/shop.git";
const timeMs = 1_700_000_000_000;

describeGitStore("simulated", async () => {
  const repository = createRepository(url);
  const first = repository.commit(
    { "a.yaml": "a: 1\n", "dir/b.yaml": "b: 1\n" },
    { message: "first", timeMs },
  );
  repository.tag("v1.0.0", first.id);
  const second = repository.commit({ "a.yaml": "a: 2\n" }, { timeMs });
  repository.tag("v1.1.0", second.id);
  return {
    store: new SimulatedGitStore({
      repositories: new Map([[url, repository]]),
      clock: createVirtualClock(timeMs),
    }),
    access: { url, credentials: { kind: "none" }, insecureSkipVerify: false },
    first: first.id,
    second: second.id,
    commitThird: async () => repository.commit({ "a.yaml": "a: 3\n" }, { timeMs }).id,
    [Symbol.asyncDispose]: async () => undefined,
  };
});
