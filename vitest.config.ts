import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "layers.test.ts", "docs.test.ts"],
          // The render engine takes seconds to compile where other work runs beside the tests.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/**/*.test.ts"],
          globalSetup: ["test/control-plane/fixture.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
