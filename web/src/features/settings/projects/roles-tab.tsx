import { KeyRound, Pencil, Plus, Trash2, Users } from "lucide-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { Card } from "../../common/page.tsx";
import { State } from "../../common/states.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import { Facts, Tags } from "../parts/facts.tsx";
import { isFound } from "../parts/find-in.ts";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { FindBox } from "../parts/settings-frame.tsx";
import { NewTokenDialog } from "../parts/token-dialog.tsx";
import { TokenTable } from "../parts/token-table.tsx";
import type { Project } from "../queries.ts";
import styles from "./projects.module.css";
import { RoleDialog } from "./role-dialog.tsx";
import { useUpdateProject } from "./use-update-project.ts";

export type Role = NonNullable<NonNullable<Project["spec"]>["roles"]>[number];

type Doing =
  | { readonly what: "add" }
  | { readonly what: "change" | "remove" | "token"; readonly role: Role }
  | { readonly what: "revoke"; readonly role: Role; readonly id: string; readonly iat: number };

/** Who may do what in a project. */
export function RolesTab({ project }: { readonly project: Project }) {
  const [text, setText] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const name = project.metadata?.name ?? "";
  const roles = project.spec?.roles ?? [];
  const shown = roles.filter((role) =>
    isFound(text, [role.name, role.description, ...(role.policies ?? []), ...(role.groups ?? [])]),
  );
  const close = (): void => setDoing(undefined);
  const wants = ["projects", "update", name] as const;
  return (
    <div className={styles["panel"]}>
      <div className={styles["bar"]}>
        <FindBox what="roles" text={text} onChange={setText} />
        <GuardedButton look="primary" icon={<Plus />} wants={wants} onClick={() => setDoing({ what: "add" })}>
          New role
        </GuardedButton>
      </div>
      {shown.length === 0 && (
        <State icon={<Users />} title={roles.length === 0 ? "No roles" : "No roles match"}>
          A role says what groups of people, and tokens for pipelines, may do in this project alone.
        </State>
      )}
      {shown.map((role) => (
        <Card
          key={role.name}
          title={role.name}
          actions={
            <div className={styles["buttons"]}>
              <GuardedButton
                size="small"
                icon={<KeyRound />}
                wants={wants}
                onClick={() => setDoing({ what: "token", role })}
              >
                New token…
              </GuardedButton>
              <GuardedButton
                size="small"
                icon={<Pencil />}
                wants={wants}
                onClick={() => setDoing({ what: "change", role })}
              >
                Change…
              </GuardedButton>
              <GuardedButton
                size="small"
                icon={<Trash2 />}
                wants={wants}
                onClick={() => setDoing({ what: "remove", role })}
              >
                Remove…
              </GuardedButton>
            </div>
          }
        >
          <Facts
            facts={[
              (role.description ?? "") === "" ? undefined : ["For", role.description],
              ["Groups", <Tags key="groups" values={role.groups ?? []} none="none" />],
              ["May", <Policies key="policies" lines={role.policies ?? []} />],
            ]}
          />
          <TokenTable
            owner={`role ${role.name ?? ""}`}
            tokens={(role.jwtTokens ?? []).map(({ id = "", iat = 0, exp = 0 }) => ({
              id,
              issuedAt: Number(iat),
              expiresAt: Number(exp),
            }))}
            wants={wants}
            onRevoke={({ id, issuedAt }) => setDoing({ what: "revoke", role, id, iat: issuedAt })}
          />
        </Card>
      ))}
      {doing !== undefined && <RoleDialogs project={project} doing={doing} onClose={close} />}
    </div>
  );
}

function Policies({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return <span className="muted">see the project, and nothing more</span>;
  return (
    <ul className={styles["lines"]}>
      {lines.map((line) => (
        <li key={line}>
          <code>{line}</code>
        </li>
      ))}
    </ul>
  );
}

interface RoleDialogsProps {
  readonly project: Project;
  readonly doing: Doing;
  readonly onClose: () => void;
}

function RoleDialogs({ project, doing, onClose }: RoleDialogsProps) {
  const queryClient = useQueryClient();
  const update = useUpdateProject();
  const name = project.metadata?.name ?? "";
  const again = () => queryClient.invalidateQueries({ queryKey: ["projects", name] });
  if (doing.what === "add") return <RoleDialog project={project} onClose={onClose} />;
  const { role } = doing;
  const roleName = role.name ?? "";
  switch (doing.what) {
    case "change":
      return <RoleDialog project={project} before={role} onClose={onClose} />;
    case "token":
      return (
        <NewTokenDialog
          owner={`role ${roleName} of ${name}`}
          create={async (wanted) => {
            const { token = "" } = await call("project.createToken", {
              project: name,
              role: roleName,
              ...wanted,
            });
            await again();
            return token;
          }}
          onClose={onClose}
        />
      );
    case "remove":
      return (
        <AskDialog
          title="Remove this role?"
          doIt="Remove"
          act={() => update(withoutRole(project, roleName))}
          done={`The role ${roleName} was removed.`}
          onClose={onClose}
        >
          <p>
            Groups of <strong>{roleName}</strong> lose what it gives, and its tokens open nothing any more.
          </p>
        </AskDialog>
      );
    case "revoke":
      return (
        <AskDialog
          title="Revoke this token?"
          doIt="Revoke"
          act={async () => {
            const { id, iat } = doing;
            await call("project.deleteToken", { project: name, role: roleName, id, iat });
            await again();
          }}
          done="The token was revoked."
          onClose={onClose}
        >
          <p>
            Whoever uses the token <strong>{doing.id}</strong> is refused from now on.
          </p>
        </AskDialog>
      );
    default:
      throw new Error(`unhandled: ${JSON.stringify(doing satisfies never)}`);
  }
}

function withoutRole({ spec, ...project }: Project, name: string): Project {
  return { ...project, spec: { ...spec, roles: (spec?.roles ?? []).filter((role) => role.name !== name) } };
}
