import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FileBadge, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { State } from "../../common/states.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import type { Column } from "../parts/data-table.tsx";
import { isFound } from "../parts/find-in.ts";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { Listing } from "../parts/listing.tsx";
import { RowMenu } from "../parts/row-menu.tsx";
import { FindBox, SettingsFrame } from "../parts/settings-frame.tsx";
import type { Certificate } from "../queries.ts";
import { certificatesQuery } from "../queries.ts";
import { AddCertificate, AddKnownHosts } from "./add-certificates.tsx";

type Doing =
  | { readonly what: "certificate" | "hosts" }
  | { readonly what: "remove"; readonly of: Certificate };

/** By what servers of repositories prove who they are. */
export function CertificatesPage() {
  const query = useQuery(certificatesQuery);
  const [text, setText] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const rows = (query.data ?? []).filter(({ serverName, certType, certSubType, certInfo }) =>
    isFound(text, [serverName, certType, certSubType, certInfo]),
  );
  const columns: readonly Column<Certificate>[] = [
    { name: "Server", cell: ({ serverName = "" }) => serverName },
    {
      name: "What it is",
      cell: ({ certType, certSubType = "" }) =>
        `${certType === "ssh" ? "Host key" : "Certificate"}, ${certSubType}`,
    },
    { name: "Fingerprint or subject", cell: ({ certInfo = "" }) => <code>{certInfo}</code> },
    {
      name: "Actions",
      look: "end",
      cell: (of) => (
        <RowMenu
          name={`${of.certType ?? ""} ${of.certSubType ?? ""} of ${of.serverName ?? ""}`}
          actions={[
            {
              label: "Remove…",
              icon: <Trash2 />,
              isDanger: true,
              wants: ["certificates", "delete", ""],
              onSelect: () => setDoing({ what: "remove", of }),
            },
          ]}
        />
      ),
    },
  ];
  const close = (): void => setDoing(undefined);
  return (
    <SettingsFrame
      title="Certificates and known hosts"
      count={query.data?.length}
      about="By these, servers of repositories prove who they are: TLS certificates that no public authority has signed, and SSH host keys."
      actions={
        <>
          <GuardedButton
            icon={<Plus />}
            wants={["certificates", "create", ""]}
            onClick={() => setDoing({ what: "hosts" })}
          >
            Add known hosts
          </GuardedButton>
          <GuardedButton
            look="primary"
            icon={<Plus />}
            wants={["certificates", "create", ""]}
            onClick={() => setDoing({ what: "certificate" })}
          >
            Add a certificate
          </GuardedButton>
        </>
      }
    >
      <FindBox what="certificates" text={text} onChange={setText} />
      <Listing
        query={query}
        what="certificates"
        columns={columns}
        rows={rows}
        keyOf={({ serverName = "", certType = "", certSubType = "", certInfo = "" }) =>
          [serverName, certType, certSubType, certInfo].join(" ")
        }
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<FileBadge />} title="No certificates and no known hosts">
            Servers whose certificate a public authority has signed need none.
          </State>
        }
      />
      {doing?.what === "certificate" && <AddCertificate onClose={close} />}
      {doing?.what === "hosts" && <AddKnownHosts onClose={close} />}
      {doing?.what === "remove" && <RemoveCertificate of={doing.of} onClose={close} />}
    </SettingsFrame>
  );
}

interface RemoveCertificateProps {
  readonly of: Certificate;
  readonly onClose: () => void;
}

function RemoveCertificate({ of, onClose }: RemoveCertificateProps) {
  const queryClient = useQueryClient();
  const { serverName = "", certType = "", certSubType = "" } = of;
  const isSsh = certType === "ssh";
  const remove = async (): Promise<void> => {
    await call("certificate.deleteCertificate", { hostNamePattern: serverName, certType, certSubType });
    await queryClient.invalidateQueries({ queryKey: certificatesQuery.queryKey });
  };
  return (
    <AskDialog
      title={isSsh ? "Remove this host key?" : "Remove this certificate?"}
      doIt="Remove"
      act={remove}
      done={isSsh ? "The host key was removed." : "The certificate was removed."}
      onClose={onClose}
    >
      <p>
        Mooring will not trust <strong>{serverName}</strong> by{" "}
        {isSsh ? `its key of the type ${certSubType}` : "what is kept for it"} any more. Repositories there
        that have no other are not read until it is added again.
      </p>
    </AskDialog>
  );
}
