import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const programNames = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

export type ProgramName = (typeof programNames)[number];

/** Where each program of the control plane is on this machine. */
export type Binaries = Readonly<Record<ProgramName, string>>;

/** A folder of the cache, with a lock of its own. */
export type CacheArea = "control-plane" | "official-tools" | "render-engine";

/** Told one line at a time what takes long. */
export type Progress = (line: string) => void;

export interface ResolveOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export interface Program {
  readonly name: string;
  /** The folder of the cache that it is built into. */
  readonly area: CacheArea;
  readonly goPackage: string;
  /** The directory of the Go module whose go.mod pins the version. */
  readonly module: string;
  /** The required module that carries this program's version. */
  readonly versionOf: string;
  /** How long a first build takes on two cores, for the line that a person waits behind. */
  readonly buildTime: string;
  /** Variables that the linker sets to the version; without them a program says that it has none. */
  readonly versionVariables?: (version: string) => readonly string[];
  /** Whether the module holds sources of our own, which are then part of the cache key. */
  readonly ownSources?: boolean;
  /** Flags of `go build` beyond those that every program has. */
  readonly flags?: readonly string[];
  /** The Go that builds it, such as `go1.27.0`, where that is newer than the one we ask for; Go fetches it as a module. */
  readonly toolchain?: string;
  /** What it is built for, where that is not this machine: GOOS and GOARCH. */
  readonly target?: Readonly<Record<"GOOS" | "GOARCH", string>>;
  /** Whether envtest archives and `$KUBEBUILDER_ASSETS` hold it. */
  readonly inEnvtest: boolean;
}

const area = "control-plane";

const kubernetes = {
  area,
  module: goModule("kubernetes"),
  versionOf: "k8s.io/kubernetes",
  versionVariables: componentVersion,
  inEnvtest: false,
} as const;

type ControlPlaneProgram = Program & { readonly name: ProgramName };

export const programs: Readonly<Record<ProgramName, ControlPlaneProgram>> = {
  etcd: {
    name: "etcd",
    area,
    goPackage: "go.etcd.io/etcd/server/v3",
    module: goModule("kubernetes"),
    versionOf: "go.etcd.io/etcd/server/v3",
    buildTime: "1 minute",
    inEnvtest: true,
  },
  "kube-apiserver": {
    ...kubernetes,
    name: "kube-apiserver",
    goPackage: "k8s.io/kubernetes/cmd/kube-apiserver",
    buildTime: "6 minutes",
    inEnvtest: true,
  },
  "kube-controller-manager": {
    ...kubernetes,
    name: "kube-controller-manager",
    goPackage: "k8s.io/kubernetes/cmd/kube-controller-manager",
    buildTime: "2 minutes",
  },
  "kube-scheduler": {
    ...kubernetes,
    name: "kube-scheduler",
    goPackage: "k8s.io/kubernetes/cmd/kube-scheduler",
    buildTime: "1 minute",
  },
  kwok: {
    name: "kwok",
    area,
    goPackage: "sigs.k8s.io/kwok/cmd/kwok",
    module: goModule("kwok"),
    versionOf: "sigs.k8s.io/kwok",
    buildTime: "2 minutes",
    inEnvtest: false,
  },
};

/** The version of a program as its go.mod pins it, such as `v1.37.2`. */
export function programVersion(program: Program): string {
  const path = join(program.module, "go.mod");
  const pinned = new RegExp(`^\\s*(?:require )?${program.versionOf} (v\\S+)`, "m").exec(
    readFileSync(path, "utf8"),
  );
  if (pinned?.[1] === undefined) {
    throw new Error(`${path}: requires no version of ${program.versionOf}; add it and run go mod tidy`);
  }
  return pinned[1];
}

/** The arguments of `go build` without its output, which are part of the cache key. */
export function buildArguments(program: Program): readonly ["build", ...string[]] {
  const variables = program.versionVariables?.(programVersion(program)) ?? [];
  const linked = variables.map((variable) => ` -X ${variable}`);
  return [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    `-s -w${linked.join("")}`,
    ...(program.flags ?? []),
    program.goPackage,
  ];
}

/** Names what a build depends on: another go.mod, go.sum or flag is another directory in the cache. */
export function versionKey(program: Program): string {
  const hash = createHash("sha256");
  const sources = program.ownSources === true ? globSync("**/*.go", { cwd: program.module }).toSorted() : [];
  for (const file of ["go.mod", "go.sum", ...sources]) {
    hash.update(readFileSync(join(program.module, file)));
  }
  hash.update([...buildArguments(program), ...Object.values(program.target ?? {})].join("\0"));
  const digest = hash.digest("hex").slice(0, 12);
  return `${program.name}-${programVersion(program)}-${process.platform}-${process.arch}-${digest}`;
}

// Without these the servers call themselves v0.0.0 and clients refuse or warn.
function componentVersion(version: string): readonly string[] {
  const [major, minor] = version.slice(1).split(".");
  const target = "k8s.io/component-base/version";
  return [`${target}.gitVersion=${version}`, `${target}.gitMajor=${major}`, `${target}.gitMinor=${minor}`];
}

function goModule(name: string): string {
  return join(import.meta.dirname, "go", name);
}

/** What Go is told beside its arguments when it builds a program. */
export function buildEnvironment({ toolchain, target }: Program): Readonly<Record<string, string>> {
  return {
    CGO_ENABLED: "0",
    GOFLAGS: "",
    GOWORK: "off",
    ...(toolchain === undefined ? {} : { GOTOOLCHAIN: toolchain }),
    ...target,
  };
}
