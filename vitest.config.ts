import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "layers.test.ts", "docs.test.ts"],
          // They start render threads and engines, which takes seconds.
          exclude: ["src/render/*.test.ts"],
        },
      },
      {
        test: {
          name: "render",
          include: ["src/render/*.test.ts", "test/render-identity/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/**/*.test.ts"],
          exclude: ["test/render-identity/**"],
          globalSetup: ["test/control-plane/fixture.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
