import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, RefreshCw, Server } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { State } from "../../common/states.tsx";
import { Connection } from "../parts/connection.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Tags } from "../parts/facts.tsx";
import { isFound } from "../parts/find-in.ts";
import { Listing } from "../parts/listing.tsx";
import { FindBox, SettingsFrame } from "../parts/settings-frame.tsx";
import type { Cluster } from "../queries.ts";
import { clustersQuery } from "../queries.ts";
import { ownLabels } from "./cluster-form.ts";
import styles from "./clusters.module.css";

const columns: readonly Column<Cluster>[] = [
  {
    name: "Cluster",
    cell: ({ name = "", server = "" }) => (
      <>
        <Link to="/settings/clusters/$server" params={{ server }}>
          {name === "" ? server : name}
        </Link>
        <div className={styles["second"]}>{server}</div>
      </>
    ),
  },
  { name: "Connection", cell: ({ connectionState }) => <Connection state={connectionState} hasTime /> },
  { name: "Version", cell: ({ serverVersion = "" }) => serverVersion, look: "shrink" },
  {
    name: "Applications",
    cell: ({ info }) => (info?.applicationsCount ?? 0).toLocaleString("en"),
    look: "shrink",
  },
  {
    name: "Namespaces",
    cell: ({ namespaces = [] }) => <Tags values={namespaces} none="all" />,
  },
  {
    name: "Labels",
    cell: (cluster) => (
      <Tags values={ownLabels(cluster).map(([key, value]) => `${key}=${value}`)} none="none" />
    ),
  },
];

/** Where applications can be deployed to. */
export function ClustersPage() {
  const query = useQuery(clustersQuery);
  const [text, setText] = useState("");
  const [isAdding, setAdding] = useState(false);
  const rows = (query.data ?? []).filter((cluster) => {
    const { name, server, project, namespaces = [], serverVersion, connectionState } = cluster;
    const labels = ownLabels(cluster).map(([key, value]) => `${key}=${value}`);
    const texts = [name, server, project, serverVersion, ...namespaces, ...labels];
    return isFound(text, [...texts, connectionState?.status, connectionState?.message]);
  });
  return (
    <SettingsFrame
      title="Clusters"
      count={query.data?.length}
      about="Where applications can be deployed to."
      actions={
        <>
          <IconButton label="Try all again" isBusy={query.isFetching} onClick={() => void query.refetch()}>
            <RefreshCw />
          </IconButton>
          <Button look="primary" icon={<Plus />} onClick={() => setAdding(true)}>
            Add a cluster
          </Button>
        </>
      }
    >
      <FindBox what="clusters" text={text} onChange={setText} />
      <Listing
        query={query}
        what="clusters"
        columns={columns}
        rows={rows}
        keyOf={({ server = "" }) => server}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<Server />} title="No clusters">
            You may see none, or there is none yet.
          </State>
        }
      />
      {isAdding && <HowToAdd onClose={() => setAdding(false)} />}
    </SettingsFrame>
  );
}

/** A page has nobody's kubeconfig; the command line has. */
function HowToAdd({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Add a cluster"
      actions={
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className={styles["how"]}>
        <p>
          A cluster is added on the command line, where your kubeconfig is. Mooring makes an account for
          itself there and keeps its token:
        </p>
        <pre className={styles["command"]}>
          <code>
            mooring login {globalThis.location.host}
            {"\n"}
            mooring cluster add CONTEXT
          </code>
        </pre>
        <p>
          CONTEXT is a context of your kubeconfig: <code>kubectl config get-contexts</code> lists them.{" "}
          <code>--namespace</code>, <code>--label</code> and <code>--project</code> narrow what it is for.
        </p>
      </div>
    </Dialog>
  );
}
