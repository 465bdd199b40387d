import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { actionsOf, projectResources, resources } from "../../../lib/shared.ts";
import { Button } from "../../common/button.tsx";
import { Failure, Skeleton } from "../../common/states.tsx";
import { Choices, SelectField, TextField } from "../parts/inputs.tsx";
import { ListField } from "../parts/rows-field.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { usersQuery } from "../queries.ts";
import { Answer } from "./answer.tsx";
import styles from "./permissions.module.css";
import type { QuestionSearch } from "./question-search.ts";
import { isQuestion } from "./question-search.ts";

const route = getRouteApi("/inside/settings/permissions");

/** Asks the policy: may somebody do something, and which line says so. */
export function PermissionsPage() {
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["explain", asked],
    queryFn: ({ signal }) =>
      call("policy.explain", { object: "", ...asked, groups: [...(asked.groups ?? [])] }, { signal }),
    enabled: isQuestion(asked),
    staleTime: 0,
  });
  return (
    <SettingsFrame
      title="Permissions"
      about="Asks the policy whether somebody may do something, and says which line of it decides. Everybody may ask about themselves; about others, whoever may see all accounts."
    >
      <div className={styles["layout"]}>
        <Question
          key={JSON.stringify(asked)}
          asked={asked}
          isBusy={isFetching}
          onAsk={(next) => {
            if (JSON.stringify(next) === JSON.stringify(asked)) void refetch();
            else void navigate({ search: next });
          }}
        />
        <section
          aria-label="Answer"
          aria-live="polite"
          className={`${styles["answer"]} ${isQuestion(asked) ? styles["asked"] : ""}`}
        >
          {!isQuestion(asked) ? (
            <p className="muted">The answer will be here.</p>
          ) : error !== null ? (
            <Failure error={error} />
          ) : data === undefined ? (
            <Skeleton lines={3} label="Asking the policy" />
          ) : (
            <Answer asked={asked} answer={data} />
          )}
        </section>
      </div>
    </SettingsFrame>
  );
}

interface QuestionProps {
  readonly asked: QuestionSearch;
  readonly isBusy: boolean;
  readonly onAsk: (question: QuestionSearch) => void;
}

function Question({ asked, isBusy, onAsk }: QuestionProps) {
  const isAboutOther = asked.subject !== undefined || asked.groups !== undefined;
  const [who, setWho] = useState(isAboutOther ? "other" : "me");
  const [subject, setSubject] = useState(asked.subject ?? "");
  const [groups, setGroups] = useState(asked.groups ?? []);
  const [resource, setResource] = useState(asked.resource ?? "applications");
  const [action, setAction] = useState(asked.action ?? "get");
  const [object, setObject] = useState(asked.object ?? "");
  const { data: apps = [] } = useQuery(usersQuery);
  const isOfProject = projectResources.includes(resource);
  const objects =
    resource === "applications" || resource === "logs" || resource === "exec"
      ? apps.map(({ metadata, spec }) => `${spec?.project ?? "default"}/${metadata?.name ?? ""}`)
      : [];
  const named = groups.map((group) => group.trim()).filter((group) => group !== "");
  const isNobody = who === "other" && subject.trim() === "" && named.length === 0;
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (isNobody) return;
        onAsk({
          ...(who === "other" && subject.trim() !== "" ? { subject: subject.trim() } : {}),
          ...(who === "other" && named.length > 0 ? { groups: named } : {}),
          resource,
          action: action.trim(),
          ...(object.trim() === "" ? {} : { object: object.trim() }),
        });
      }}
    >
      <Choices
        label="May"
        value={who}
        onChange={setWho}
        options={[
          ["me", "I"],
          ["other", "somebody else"],
        ]}
      />
      {who === "other" && (
        <>
          <TextField
            label="Name"
            value={subject}
            onChange={setSubject}
            placeholder="ada@example.com"
            hint="An account, a user of the single sign-on, proj:PROJECT:ROLE, or a role such as role:readonly."
          />
          <ListField
            label="In the groups"
            one="group"
            hint="A group counts where a g line or a project's role names it."
            values={groups}
            onChange={setGroups}
          />
        </>
      )}
      <SelectField
        label="Do with"
        value={resource}
        onChange={(next) => {
          setResource(next);
          if (!actionsOf(next).includes(action)) setAction(actionsOf(next)[0] ?? "");
        }}
        options={resources.map((one) => [one, one])}
      />
      <TextField
        label="What"
        value={action}
        onChange={setAction}
        isRequired
        suggestions={actionsOf(resource)}
        hint={
          resource === "applications"
            ? "Such as sync, or for one of its objects update/apps/Deployment/NAMESPACE/NAME."
            : undefined
        }
      />
      <TextField
        label="On"
        value={object}
        onChange={setObject}
        placeholder={isOfProject ? "shop/web" : "name"}
        suggestions={objects.slice(0, 300)}
        hint={isOfProject ? "PROJECT/NAME; * for any." : "A name; * for any."}
      />
      <div>
        <Button
          type="submit"
          look="primary"
          icon={<CircleHelp />}
          isBusy={isBusy}
          disabled={isNobody}
          title={isNobody ? "Give a name or a group." : undefined}
        >
          Ask
        </Button>
      </div>
    </form>
  );
}
