import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { ReactNode } from "react";
import { useDebounced } from "../../common/use-debounced.ts";
import { Field } from "../../common/field.tsx";
import { DirectoryFields } from "./directory-fields.tsx";
import type { Source } from "./edit-source.ts";
import { toolOf, withField } from "./edit-source.ts";
import { HelmFields } from "./helm-fields.tsx";
import { KustomizeFields } from "./kustomize-fields.tsx";
import type { SourceOwner } from "./source-queries.ts";
import {
  detailsQuery,
  isSameRepository,
  pathsQuery,
  refsQuery,
  repositoriesQuery,
} from "./source-queries.ts";
import styles from "./source.module.css";

interface SourceErrors {
  readonly repoURL?: string | undefined;
  readonly path?: string | undefined;
  readonly targetRevision?: string | undefined;
}

interface SourceFieldsProps {
  readonly source: Source;
  readonly owner: SourceOwner;
  readonly onChange: (source: Source) => void;
  readonly errors?: SourceErrors;
  /** It is one of several: it may be referred to by the others. */
  readonly isOneOfSeveral?: boolean;
  /** What is known of the repository. */
  readonly note?: ReactNode;
}

/** Where the manifests come from, and what can be set in them. */
export function SourceFields(props: SourceFieldsProps) {
  const { source, owner, onChange } = props;
  const settled = useDebounced(source);
  const query = detailsQuery(settled, owner);
  const isKnown = useIsRegistered(settled.repoURL);
  const { data: details, error } = useQuery({
    ...query,
    enabled: query.enabled === true && isKnown === true,
  });
  const tool = toolOf(source) ?? details?.type;
  return (
    <div className={styles["fields"]}>
      <PlaceFields {...props} />
      {(error !== null || isKnown === false) && (settled.repoURL ?? "") !== "" && (
        <p className="muted" role="status">
          What can be set in it is not known:{" "}
          {error?.message ??
            "the repository is not registered in the settings. Everything can be set as YAML."}
        </p>
      )}
      {tool === "Helm" && <HelmFields source={source} details={details?.helm} onChange={onChange} />}
      {tool === "Kustomize" && (
        <KustomizeFields source={source} images={details?.kustomize?.images ?? []} onChange={onChange} />
      )}
      {tool === "Directory" && <DirectoryFields source={source} onChange={onChange} />}
      {tool === "Plugin" && (
        <p className="muted">
          A plugin{source.plugin?.name === undefined ? "" : ` (${source.plugin.name})`} renders it. Its
          parameters are set as YAML.
        </p>
      )}
    </div>
  );
}

/** Whether the server looks into a repository: only into those that are registered. Undefined until that is known. */
function useIsRegistered(url: string | undefined): boolean | undefined {
  const { data } = useQuery(repositoriesQuery);
  return (
    data?.items?.some(({ repo }) => isSameRepository(repo, url)) ?? (data === undefined ? undefined : false)
  );
}

function PlaceFields({
  source,
  owner,
  onChange,
  errors = {},
  isOneOfSeveral = false,
  note,
}: SourceFieldsProps) {
  const id = useId();
  const settled = useDebounced(source);
  const { data: repositories } = useQuery(repositoriesQuery);
  const isChart = source.chart !== undefined;
  const isKnown = useIsRegistered(settled.repoURL) === true;
  const { data: paths } = useQuery({ ...pathsQuery(settled, owner), enabled: isKnown && !isChart });
  const { data: refs } = useQuery({ ...refsQuery(settled, owner), enabled: isKnown && !isChart });
  const text = (field: "repoURL" | "path" | "chart" | "targetRevision" | "ref" | "name") => ({
    value: source[field] ?? "",
    spellCheck: false,
    autoComplete: "off",
    onChange: (event: { readonly target: { readonly value: string } }) =>
      onChange(withField(source, field, event.target.value)),
  });
  return (
    <>
      <Field
        label="Repository"
        hint="The address of a Git repository, a Helm repository or an OCI registry."
        error={errors.repoURL}
      >
        {(props) => <input {...props} {...text("repoURL")} list={`${id}-repositories`} />}
      </Field>
      <datalist id={`${id}-repositories`}>
        {(repositories?.items ?? []).map(({ repo = "", name }) => (
          <option key={repo} value={repo}>
            {name}
          </option>
        ))}
      </datalist>
      {note}
      <div className={styles["pair"]}>
        {isChart ? (
          <Field label="Chart" hint="Its name in the repository." error={errors.path}>
            {(props) => <input {...props} {...text("chart")} />}
          </Field>
        ) : (
          <Field label="Path" hint="The directory; a single dot is the root." error={errors.path}>
            {(props) => <input {...props} {...text("path")} list={`${id}-paths`} />}
          </Field>
        )}
        <datalist id={`${id}-paths`}>
          {(paths?.items ?? []).map(({ path = "", type }) => (
            <option key={path} value={path}>
              {type}
            </option>
          ))}
        </datalist>
        <Field
          label="Target revision"
          hint={isChart ? "The chart's version, or a range." : "A branch, tag or commit. Empty for HEAD."}
          error={errors.targetRevision}
        >
          {(props) => <input {...props} {...text("targetRevision")} list={`${id}-refs`} />}
        </Field>
        <datalist id={`${id}-refs`}>
          {[...(refs?.branches ?? []), ...(refs?.tags ?? [])].map((ref) => (
            <option key={ref} value={ref}>
              {ref}
            </option>
          ))}
        </datalist>
      </div>
      {isOneOfSeveral && (
        <div className={styles["pair"]}>
          <Field label="Name" hint="By which commands and pages call this source.">
            {(props) => <input {...props} {...text("name")} />}
          </Field>
          <Field
            label="Reference"
            hint="By which value files of other sources find its files, as in $values/prod.yaml."
          >
            {(props) => <input {...props} {...text("ref")} />}
          </Field>
        </div>
      )}
    </>
  );
}
