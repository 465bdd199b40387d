import { moduleVersion, runGo } from "./go.ts";
import type { Versions } from "./manifest.ts";

export interface Build {
  readonly package: string;
  readonly output: string;
}

export function libraryVersions(): Versions {
  return {
    go: runGo(["env", "GOVERSION"]).trim(),
    helm: moduleVersion("helm.sh/helm/v4"),
    kustomize: moduleVersion("sigs.k8s.io/kustomize/kustomize/v5"),
    jsonnet: moduleVersion("github.com/google/go-jsonnet"),
    gojq: moduleVersion("github.com/itchyny/gojq"),
    gopherLua: moduleVersion("github.com/yuin/gopher-lua"),
  };
}

export function compileLibrary(build: Build): void {
  compile(build, ["-buildmode=c-shared"], { GOOS: "wasip1", GOARCH: "wasm" });
}

export function compileProgram(build: Build): void {
  compile(build, [], {});
}

/** The releases of helm and kustomize are linked with these: charts and managed-by labels show them. */
function versionFlags(): string[] {
  const { helm, kustomize } = libraryVersions();
  return [
    `-X=helm.sh/helm/v4/internal/version.version=${helm}`,
    "-X=helm.sh/helm/v4/internal/version.gitTreeState=clean",
    `-X=sigs.k8s.io/kustomize/api/provenance.version=${kustomize}`,
  ];
}

function compile(build: Build, flags: readonly string[], env: NodeJS.ProcessEnv): void {
  const linker = ["-s", "-w", "-buildid=", ...versionFlags()].join(" ");
  runGo(
    [
      "build",
      "-trimpath",
      "-buildvcs=false",
      // Without the time zones in it, dateInZone would silently take UTC.
      "-tags=timetzdata",
      `-ldflags=${linker}`,
      ...flags,
      `-o=${build.output}`,
      build.package,
    ],
    env,
  );
}
