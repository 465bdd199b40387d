import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { DatabaseZap, KeyRound, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { Card } from "../../common/page.tsx";
import { Failure, Skeleton } from "../../common/states.tsx";
import { tell } from "../../common/toast.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import { Connection } from "../parts/connection.tsx";
import { Facts, Tags } from "../parts/facts.tsx";
import type { Wanted } from "../parts/guarded-button.tsx";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { UsedBy } from "../parts/used-by.tsx";
import type { Cluster } from "../queries.ts";
import { clusterQuery } from "../queries.ts";
import { ClusterDialog } from "./cluster-dialog.tsx";
import { isRegistered, ownLabels } from "./cluster-form.ts";

const route = getRouteApi("/inside/settings/clusters/$server");

type Doing = "change" | "rotate" | "remove";

/** One cluster: whether it answers, and what is kept of it. */
export function ClusterPage() {
  const { server } = route.useParams();
  const { data: cluster, error, refetch } = useQuery(clusterQuery(server));
  const [doing, setDoing] = useState<Doing>();
  const close = (): void => setDoing(undefined);
  const name = cluster?.name ?? server;
  return (
    <SettingsFrame
      title={name}
      above={<Link to="/settings/clusters">Clusters</Link>}
      actions={cluster !== undefined && <Actions cluster={cluster} onDo={setDoing} />}
    >
      {cluster === undefined ? (
        error === null ? (
          <Skeleton lines={6} label="Loading the cluster" />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <ClusterFacts cluster={cluster} />
      )}
      {cluster !== undefined && doing === "change" && <ClusterDialog before={cluster} onClose={close} />}
      {cluster !== undefined && doing === "rotate" && <RotateAuth cluster={cluster} onClose={close} />}
      {cluster !== undefined && doing === "remove" && <RemoveCluster cluster={cluster} onClose={close} />}
    </SettingsFrame>
  );
}

function wants({ server = "", project = "" }: Cluster, action: string): Wanted {
  return ["clusters", action, project === "" ? server : `${project}/${server}`];
}

interface ActionsProps {
  readonly cluster: Cluster;
  readonly onDo: (doing: Doing) => void;
}

function Actions({ cluster, onDo }: ActionsProps) {
  const queryClient = useQueryClient();
  const invalidate = useMutation({
    mutationFn: () =>
      call("cluster.invalidateCache", { id: { type: "server", value: cluster.server ?? "" } }),
    onSuccess: async () => {
      tell("The cluster's kinds were read again.");
      await queryClient.invalidateQueries({ queryKey: ["clusters"] });
    },
    onError: (error) => tell(error.message, "bad"),
  });
  const why = isRegistered(cluster)
    ? undefined
    : "It is the cluster that the control plane runs in and has no Secret; add one for its server to change it.";
  return (
    <>
      <GuardedButton
        icon={<DatabaseZap />}
        wants={wants(cluster, "update")}
        isBusy={invalidate.isPending}
        title="Asks anew which kinds the cluster has. Everything else follows from watches and is never old."
        onClick={() => invalidate.mutate()}
      >
        Invalidate the cache
      </GuardedButton>
      <GuardedButton
        icon={<KeyRound />}
        wants={wants(cluster, "update")}
        disabled={why !== undefined}
        title={why}
        onClick={() => onDo("rotate")}
      >
        Rotate the token…
      </GuardedButton>
      <GuardedButton
        icon={<Pencil />}
        wants={wants(cluster, "update")}
        disabled={why !== undefined}
        title={why}
        onClick={() => onDo("change")}
      >
        Change…
      </GuardedButton>
      <GuardedButton
        icon={<Trash2 />}
        wants={wants(cluster, "delete")}
        disabled={why !== undefined}
        title={why}
        onClick={() => onDo("remove")}
      >
        Remove…
      </GuardedButton>
    </>
  );
}

function ClusterFacts({ cluster }: { readonly cluster: Cluster }) {
  const { server = "", name = "", connectionState, serverVersion = "", info, namespaces = [] } = cluster;
  const { clusterResources = false, project = "", shard, config } = cluster;
  const labels = ownLabels(cluster).map(([key, value]) => `${key}=${value}`);
  const annotations = Object.entries(cluster.annotations ?? {}).map(([key, value]) => `${key}=${value}`);
  const { tlsClientConfig: tls, username = "", execProviderConfig: program, proxyUrl = "" } = config ?? {};
  return (
    <>
      <Card title="State">
        <Facts
          facts={[
            ["Connection", <Connection key="connection" state={connectionState} hasTime />],
            ["Kubernetes", serverVersion === "" ? "not known" : serverVersion],
            [
              "Applications",
              <Link
                key="applications"
                to="/applications"
                search={{ cluster: [...new Set([server, name])].filter((one) => one !== "") }}
              >
                {(info?.applicationsCount ?? 0).toLocaleString("en")}
              </Link>,
            ],
          ]}
        />
      </Card>
      <Card title="What it is for">
        <Facts
          facts={[
            ["Address", server],
            ["Name", name],
            ["Namespaces", <Tags key="namespaces" values={namespaces} none="all" />],
            namespaces.length === 0
              ? undefined
              : ["Cluster-scoped objects", clusterResources ? "managed, too" : "not managed"],
            ["Project", project === "" ? "all" : project],
            ["Shard", shard === undefined ? "chosen by itself" : String(shard)],
            ["Labels", <Tags key="labels" values={labels} none="none" />],
            annotations.length === 0
              ? undefined
              : ["Annotations", <Tags key="annotations" values={annotations} none="none" />],
          ]}
        />
      </Card>
      <Card title="How it is reached">
        <Facts
          facts={[
            [
              "Its certificate",
              tls?.insecure === true
                ? "is not checked: whoever stands in between can take its place"
                : tls?.caData === undefined
                  ? "is checked by the public authorities, or by those of the control plane"
                  : "is checked by an authority of its own",
            ],
            tls?.serverName === undefined ? undefined : ["Name in the certificate", tls.serverName],
            username === "" ? undefined : ["User", username],
            program?.command === undefined ? undefined : ["Credentials come from", program.command],
            proxyUrl === "" ? undefined : ["Proxy", proxyUrl],
          ]}
        />
      </Card>
    </>
  );
}

interface AskProps {
  readonly cluster: Cluster;
  readonly onClose: () => void;
}

function RotateAuth({ cluster: { server = "", name = "" }, onClose }: AskProps) {
  return (
    <AskDialog
      title="Rotate the token of this cluster?"
      doIt="Rotate"
      isDanger={false}
      act={() => call("cluster.rotateAuth", { id: { type: "server", value: server } })}
      done="The cluster has a new token."
      onClose={onClose}
    >
      <p>
        Mooring makes another token for its account on <strong>{name}</strong>. The old one ends when the new
        one is accepted and kept; deployments go on meanwhile.
      </p>
    </AskDialog>
  );
}

function RemoveCluster({ cluster: { server = "", name = "" }, onClose }: AskProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    await call("cluster.delete", { id: { type: "server", value: server } });
    await navigate({ to: "/settings/clusters" });
    queryClient.removeQueries({ queryKey: ["clusters", server] });
    await queryClient.invalidateQueries({ queryKey: ["clusters"] });
  };
  return (
    <AskDialog
      title="Remove this cluster?"
      doIt="Remove"
      act={remove}
      done={`${name} was removed.`}
      onClose={onClose}
    >
      <p>
        <strong>{name}</strong> and its credentials are forgotten here. What runs on it stays and goes on
        running.
      </p>
      <UsedBy
        find={(apps) =>
          apps
            .filter(({ spec }) => {
              const to = spec?.destination;
              return (to?.server ?? "") === "" ? to?.name === name : to?.server === server;
            })
            .map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`)
        }
        harm="They are neither compared nor synced any more."
      />
    </AskDialog>
  );
}
