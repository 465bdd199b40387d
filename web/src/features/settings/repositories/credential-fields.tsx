import { Checkbox } from "../../common/field.tsx";
import { Choices, LongTextField, TextField } from "../parts/inputs.tsx";
import styles from "./repositories.module.css";
import type { RepositoryForm } from "./repository-form.ts";
import type { FlagName, TextSpec } from "./ways.ts";
import { credentialTexts, flagsOf, moreTexts, wayNames, waysOf } from "./ways.ts";

interface CredentialFieldsProps {
  readonly form: RepositoryForm;
  readonly onChange: (form: RepositoryForm) => void;
  /** Whether there are credentials that may stay. */
  readonly isKnown: boolean;
  /** Whether they stand for several repositories, which have the other settings themselves. */
  readonly isTemplate?: boolean;
}

const templateFlags: ReadonlySet<FlagName> = new Set(["forceHttpBasicAuth", "insecureOCIForceHttp"]);

/** How one proves who one is, and everything that few need. */
export function CredentialFields({ form, onChange, isKnown, isTemplate = false }: CredentialFieldsProps) {
  const ways = [...(isKnown ? (["keep"] as const) : []), ...waysOf(form.kind)];
  const flags = flagsOf(form.kind, form.way).filter(({ name }) => !isTemplate || templateFlags.has(name));
  return (
    <>
      <Choices
        label="Credentials"
        value={form.way}
        onChange={(way) => onChange({ ...form, way: ways.find((one) => one === way) ?? "none" })}
        options={ways.map((way) => [way, wayNames[way]])}
      />
      {credentialTexts(form.way).map((spec) => (
        <SpecField key={spec.name} spec={spec} form={form} onChange={onChange} />
      ))}
      <details className={styles["more"]}>
        <summary>More settings</summary>
        <div className={styles["moreFields"]}>
          {moreTexts(form.kind, form.way)
            .filter(({ name }) => !isTemplate || name !== "depth")
            .map((spec) => (
              <SpecField key={spec.name} spec={spec} form={form} onChange={onChange} />
            ))}
          {flags.map(({ name, label, hint }) => (
            <Checkbox
              key={name}
              label={label}
              hint={hint}
              isChecked={form.flags[name] === true}
              onChange={(isSet) => onChange({ ...form, flags: { ...form.flags, [name]: isSet } })}
            />
          ))}
        </div>
      </details>
    </>
  );
}

interface SpecFieldProps extends Pick<CredentialFieldsProps, "form" | "onChange"> {
  readonly spec: TextSpec;
}

function SpecField({ spec, form, onChange }: SpecFieldProps) {
  const { name, label, look, placeholder, hint, isNeeded = false } = spec;
  const shared = {
    label,
    hint,
    placeholder,
    isRequired: isNeeded,
    value: form.texts[name] ?? "",
    onChange: (text: string) => onChange({ ...form, texts: { ...form.texts, [name]: text } }),
  };
  if (look === "long") return <LongTextField {...shared} />;
  return look === "secret" ? (
    <TextField {...shared} type="password" autoComplete="new-password" />
  ) : (
    <TextField {...shared} />
  );
}
