import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lock, LogOut } from "lucide-react";
import { useState } from "react";
import { sessionQuery } from "../../lib/session.ts";
import { Button } from "../common/button.tsx";
import { Card, Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { PasswordDialog } from "../settings/accounts/password-dialog.tsx";
import { ThemeChoice } from "../settings/appearance/theme-choice.tsx";
import { Facts, Tags } from "../settings/parts/facts.tsx";
import styles from "./user-page.module.css";

/** Who is logged in, what is theirs, and how the pages look. */
export function UserPage() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  return (
    <Page
      tab="You"
      title="You"
      actions={
        <a className={styles["logout"]} href="auth/logout">
          <LogOut aria-hidden="true" /> Log out
        </a>
      }
    >
      <div className={styles["cards"]}>
        {session === undefined ? (
          error === null ? (
            <Skeleton lines={4} label="Loading who you are" />
          ) : (
            <Failure error={error} onRetry={() => void refetch()} />
          )
        ) : (
          <Who
            isLoggedIn={session.loggedIn === true}
            username={session.username ?? ""}
            groups={session.groups ?? []}
            issuer={session.iss ?? ""}
          />
        )}
        <Card title="Appearance">
          <ThemeChoice />
        </Card>
        <Card title="On the command line">
          <div className={styles["cli"]}>
            <p className="muted">Log in there with the same account:</p>
            <pre>
              <code>mooring login {globalThis.location.host}</code>
            </pre>
          </div>
        </Card>
      </div>
    </Page>
  );
}

interface WhoProps {
  readonly isLoggedIn: boolean;
  readonly username: string;
  readonly groups: readonly string[];
  readonly issuer: string;
}

function Who({ isLoggedIn, username, groups, issuer }: WhoProps) {
  const [isChanging, setChanging] = useState(false);
  if (!isLoggedIn)
    return (
      <State
        icon={<LogOut />}
        title="You are not logged in any more"
        actions={
          <Link to="/login" search={{ back: "/user-info" }}>
            Log in
          </Link>
        }
      />
    );
  const isLocal = issuer === "argocd" && username !== "";
  // Tokens of project roles have a name of this form, and no password.
  const isAccount = isLocal && !username.startsWith("proj:");
  return (
    <Card
      title="Who you are here"
      actions={
        isAccount && (
          <Button size="small" icon={<Lock />} onClick={() => setChanging(true)}>
            Change the password…
          </Button>
        )
      }
    >
      <Facts
        facts={[
          ["Username", username === "" ? "nobody: this server lets anybody read" : username],
          ["Groups", <Tags key="groups" values={groups} none="none" />],
          issuer === "" ? undefined : ["Known by", isLocal ? "this installation" : issuer],
          isAccount
            ? [
                "Tokens",
                <Link key="tokens" to="/settings/accounts/$name" params={{ name: username }}>
                  Your account and its tokens
                </Link>,
              ]
            : undefined,
          [
            "Permissions",
            <Link key="may" to="/settings/permissions">
              Ask what you may do, and why
            </Link>,
          ],
        ]}
      />
      {isChanging && <PasswordDialog name={username} isOwn onClose={() => setChanging(false)} />}
    </Card>
  );
}
