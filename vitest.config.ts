import { defineConfig } from "vitest/config";

/** Tests of the embedded cluster that start servers, kill processes or play hours of workloads. */
const embedded = [
  "src/embedded/http/*.test.ts",
  "src/embedded/http/watch/*.test.ts",
  "src/embedded/storage/*.test.ts",
  "src/embedded/workloads/**/*.test.ts",
];

/** Tests of programs on an embedded cluster or on none; those with the stock client need what builds it. */
const served = [
  "test/{admin,api,push}/!(argocd-cli).test.ts",
  "test/{demo,forge,hydrate,images,pre-merge,promotion}/*.test.ts",
  "test/embedded/up*.test.ts",
  "test/install/!(container|crds|install|rights).test.ts",
];

const inBrowser = "test/ui/*.test.ts";

const rendering = ["src/render/*.test.ts", "src/render/scripts/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "web/src/**/*.test.ts",
            "layers.test.ts",
            "docs.test.ts",
            "docs/*.test.ts",
          ],
          // They start render threads, engines and servers, which takes seconds.
          exclude: [...rendering, ...embedded],
          // Long enough for a machine that does other work, too: what takes longer than it should shows in bench/.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "embedded",
          include: [...embedded, ...served],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          // A browser on the UI of a real server: `make ui` builds it.
          name: "ui",
          include: [inBrowser],
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "render",
          include: [...rendering, "test/render-identity/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "simulation",
          include: ["test/simulation/**/*.test.ts"],
          testTimeout: 1_200_000,
          // The seeds have threads of their own, one for each core.
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/**/*.test.ts"],
          exclude: ["test/render-identity/**", "test/simulation/**", ...served, inBrowser],
          globalSetup: ["test/control-plane/fixture.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
