import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import type { TestCli } from "../cli/run.ts";
import { openCli } from "../cli/run.ts";

export const digestOf = (out: string): string => /sha256:[0-9a-f]{64}/u.exec(out)?.[0] ?? "none";

export const configMap = (name: string, color = "blue") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;

/** A cluster without any control plane, a directory of files, and the command line on both. */
export interface PushBed {
  readonly cluster: KubeCluster;
  readonly kubeconfig: string;
  readonly directory: string;
  readonly cli: TestCli;
  /** Writes files of the application `web`, whose directory this is. */
  readonly write: (files: Readonly<Record<string, string | undefined>>) => Promise<string>;
  readonly read: (kind: string, name: string, namespace?: string) => Promise<KubeObject | undefined>;
}

export async function startBed(): Promise<PushBed> {
  await using setup = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-push-"));
  setup.defer(() => rm(directory, { recursive: true, force: true }));
  const stop = new AbortController();
  const { signal } = stop;
  const embedded = setup.use(await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal }));
  const kubeconfig = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "staging", cluster: embedded }]);
  const cluster = setup.use(startCluster(embedded.connection, { keepFresh: false }));
  setup.defer(() => stop.abort());
  const owned = setup.move();
  onTestFinished(() => owned.disposeAsync());
  return {
    cluster,
    kubeconfig,
    directory,
    cli: openCli({ namespace: "argocd", directory }, kubeconfig),
    write: async (files) => {
      const web = path.join(directory, "web");
      await mkdir(web, { recursive: true });
      for (const [name, text] of Object.entries(files)) {
        if (text === undefined) await rm(path.join(web, name));
        else await writeFile(path.join(web, name), text);
      }
      return web;
    },
    read: async (kind, name, namespace = "default") => {
      const type = (await cluster.discover(signal)).typeOf(kind === "Deployment" ? "apps" : "", kind);
      if (type === undefined) throw new Error(`${kind} is not served`);
      return cluster.read({ type, namespace: type.namespaced ? namespace : "", name }, signal);
    },
  };
}
