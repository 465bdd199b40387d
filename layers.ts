/** Who may import whom inside `src/`; read by `layers.test.ts`. A layer may always import itself. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  runtime: ["core"],
  ports: ["core"],
  engine: ["core", "runtime", "ports"],
  kube: ["core", "runtime", "ports"],
  git: ["core", "runtime", "ports"],
  render: ["core", "runtime", "ports"],
  registry: ["core", "runtime", "ports"],
  controllers: ["core", "runtime", "ports", "engine"],
  cli: ["core", "runtime", "ports", "engine"],
  main: ["core", "runtime", "ports", "engine", "kube", "git", "render", "registry", "controllers", "cli"],
};
