import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Signature, Trash2 } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { formatCount } from "../../../lib/format.ts";
import { State } from "../../common/states.tsx";
import { tell } from "../../common/toast.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import type { Column } from "../parts/data-table.tsx";
import { isFound } from "../parts/find-in.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { LongTextField } from "../parts/inputs.tsx";
import { Listing } from "../parts/listing.tsx";
import { RowMenu } from "../parts/row-menu.tsx";
import { FindBox, SettingsFrame } from "../parts/settings-frame.tsx";
import type { SigningKey } from "../queries.ts";
import { projectsQuery, signingKeysQuery } from "../queries.ts";

type Doing = { readonly what: "add" } | { readonly what: "remove"; readonly of: SigningKey };

/** Public keys by which signatures of commits are trusted. */
export function SigningKeysPage() {
  const query = useQuery(signingKeysQuery);
  const [text, setText] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const rows = (query.data ?? []).filter(({ keyID, fingerprint, owner, subType }) =>
    isFound(text, [keyID, fingerprint, owner, subType]),
  );
  const columns: readonly Column<SigningKey>[] = [
    { name: "Key", cell: ({ keyID = "" }) => <code>{keyID}</code>, look: "shrink" },
    { name: "Owner", cell: ({ owner = "" }) => owner },
    { name: "Type", cell: ({ subType = "" }) => subType },
    { name: "Fingerprint", cell: ({ fingerprint = "" }) => <code>{fingerprint}</code> },
    {
      name: "Actions",
      look: "end",
      cell: (of) => (
        <RowMenu
          name={`key ${of.keyID ?? ""}`}
          actions={[
            {
              label: "Remove…",
              icon: <Trash2 />,
              isDanger: true,
              wants: ["gpgkeys", "delete", of.keyID ?? ""],
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
      title="GPG keys"
      count={query.data?.length}
      about="Public keys by which the signatures of commits are checked, in the projects that want signed commits."
      actions={
        <GuardedButton
          look="primary"
          icon={<Plus />}
          wants={["gpgkeys", "create", ""]}
          onClick={() => setDoing({ what: "add" })}
        >
          Add a key
        </GuardedButton>
      }
    >
      <FindBox what="keys" text={text} onChange={setText} />
      <Listing
        query={query}
        what="keys"
        columns={columns}
        rows={rows}
        keyOf={({ keyID = "" }) => keyID}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<Signature />} title="No keys">
            A project that names a signing key lets only commits be synced that this key has signed. Its
            public part belongs here.
          </State>
        }
      />
      {doing?.what === "add" && <AddKey onClose={close} />}
      {doing?.what === "remove" && <RemoveKey of={doing.of} onClose={close} />}
    </SettingsFrame>
  );
}

function AddKey({ onClose }: { readonly onClose: () => void }) {
  const [keyData, setKeyData] = useState("");
  const queryClient = useQueryClient();
  const isKey = keyData.includes("-----BEGIN PGP PUBLIC KEY BLOCK-----");
  const isPrivate = keyData.includes("PRIVATE KEY BLOCK");
  const problem = isPrivate
    ? "This is a private key: give the public one (gpg --armor --export)."
    : isKey
      ? undefined
      : "Give a public key: it begins with -----BEGIN PGP PUBLIC KEY BLOCK-----.";
  const add = async (): Promise<void> => {
    const { created, skipped = [] } = await call("gpgKey.create", { publickey: { keyData } });
    await queryClient.invalidateQueries({ queryKey: signingKeysQuery.queryKey });
    const count = created?.items?.length ?? 0;
    const there = skipped.length === 0 ? "" : ` ${skipped.join(", ")} was there already.`;
    tell(`${formatCount(count, "key was", "keys were")} added.${there}`);
  };
  return (
    <FormDialog title="Add a GPG key" doIt="Add" problem={problem} act={add} onClose={onClose}>
      <LongTextField
        label="Public key"
        value={keyData}
        onChange={setKeyData}
        isRequired
        rows={10}
        placeholder="-----BEGIN PGP PUBLIC KEY BLOCK-----"
        error={keyData.trim() === "" ? undefined : problem}
        hint="As gpg --armor --export ada@example.com prints it."
      />
    </FormDialog>
  );
}

interface RemoveKeyProps {
  readonly of: SigningKey;
  readonly onClose: () => void;
}

function RemoveKey({ of: { keyID = "", owner = "" }, onClose }: RemoveKeyProps) {
  const queryClient = useQueryClient();
  const { data: projects = [] } = useQuery(projectsQuery);
  const users = projects
    .filter(({ spec }) => {
      const policies = spec?.sourceIntegrity?.git?.policies ?? [];
      const named = [
        ...(spec?.signatureKeys ?? []).map((key) => key.keyID),
        ...policies.flatMap(({ gpg }) => gpg?.keys ?? []),
      ];
      return named.some((one = "") => one !== "" && keyID.endsWith(one));
    })
    .map(({ metadata }) => metadata?.name ?? "");
  const remove = async (): Promise<void> => {
    await call("gpgKey.delete", { keyID });
    await queryClient.invalidateQueries({ queryKey: signingKeysQuery.queryKey });
  };
  return (
    <AskDialog
      title="Remove this key?"
      doIt="Remove"
      act={remove}
      done="The key was removed."
      onClose={onClose}
    >
      <p>
        Commits signed with <strong>{keyID}</strong> of {owner} are not trusted any more.
      </p>
      <p>
        {users.length === 0
          ? "No project that you may see names it."
          : `These projects name it, and sync nothing that is signed with it then: ${users.join(", ")}.`}
      </p>
    </AskDialog>
  );
}
