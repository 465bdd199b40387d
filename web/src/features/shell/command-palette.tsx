import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { call } from "../../lib/api/index.ts";
import { useTheme } from "../../lib/theme/theme.ts";
import { useReturnFocus } from "../common/return-focus.ts";
import { Status } from "../common/status.tsx";
import styles from "./command-palette.module.css";
import { PipelineItems } from "./pipeline-items.tsx";

const opening = new EventTarget();

/** Opens the palette, as Ctrl+K does. */
export function openPalette(): void {
  opening.dispatchEvent(new Event("open"));
}

const places = [
  ["Applications", "/applications"],
  ["Pipelines", "/pipelines"],
  ["Images", "/images"],
  ["Delivery", "/delivery"],
  ["Settings", "/settings"],
  ["Repositories", "/settings/repos"],
  ["Certificates and known hosts", "/settings/certs"],
  ["GPG keys", "/settings/gpgkeys"],
  ["Clusters", "/settings/clusters"],
  ["Projects", "/settings/projects"],
  ["Accounts", "/settings/accounts"],
  ["Permissions", "/settings/permissions"],
  ["Audit", "/settings/audit"],
  ["System", "/settings/system"],
  ["Your account", "/user-info"],
] as const;

const found =
  "items.metadata.name,items.metadata.namespace,items.status.sync.status,items.status.health.status";

/** Opens it by Ctrl+K, and when a page asks for it. */
function useOpening(setOpen: (isOpen: boolean) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    const onOpen = (): void => setOpen(true);
    document.addEventListener("keydown", onKey);
    opening.addEventListener("open", onOpen);
    return () => {
      document.removeEventListener("keydown", onKey);
      opening.removeEventListener("open", onOpen);
    };
  }, [setOpen]);
}

/** Goes anywhere by a few letters: pages, and applications of all projects. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState("");
  const focus = useReturnFocus();
  const navigate = useNavigate();
  const [, chooseTheme] = useTheme();
  useOpening(setOpen);
  const { data, isPlaceholderData } = useQuery({
    queryKey: ["palette", text],
    queryFn: ({ signal }) => call("application.list", { text, limit: 8 }, { signal, fields: found }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  // Enter opens the first that is shown: of an earlier question, only what still fits.
  const shown = (data?.items ?? []).filter(
    ({ metadata }) => !isPlaceholderData || metadata?.name?.includes(text.toLowerCase()) === true,
  );
  const [first] = shown;
  const firstKey =
    first === undefined ? "" : `${first.metadata?.namespace ?? ""}/${first.metadata?.name ?? ""}`;
  // What is found comes after the pages are drawn, and stands above them: Enter means the first of all.
  useEffect(() => {
    if (firstKey !== "") setChosen(firstKey);
  }, [firstKey, text]);
  const go = (act: () => void): void => {
    setOpen(false);
    setText("");
    act();
  };
  const isLike = (label: string): boolean => label.toLowerCase().includes(text.toLowerCase());
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content className={styles["palette"]} aria-describedby={undefined} {...focus}>
          <Dialog.Title className="visually-hidden">Find</Dialog.Title>
          <Command
            shouldFilter={false}
            label="Find a page, an application or a pipeline"
            value={chosen}
            onValueChange={setChosen}
          >
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Find an application or a page…"
              className={styles["input"]}
            />
            <Command.List className={styles["list"]}>
              <Command.Empty className={styles["empty"]}>Nothing has this name.</Command.Empty>
              <Command.Group heading="Applications" className={styles["group"]}>
                {shown.map(({ metadata, status }) => {
                  const { name = "", namespace = "" } = metadata ?? {};
                  return (
                    <Command.Item
                      key={`${namespace}/${name}`}
                      value={`${namespace}/${name}`}
                      className={styles["item"]}
                      onSelect={() =>
                        go(
                          () =>
                            void navigate({
                              to: "/applications/$namespace/$name",
                              params: { namespace, name },
                            }),
                        )
                      }
                    >
                      <Status of="health" status={status?.health?.status} look="icon" />
                      <span className="truncate">{name}</span>
                      <span className={`muted ${styles["side"]}`}>{namespace}</span>
                    </Command.Item>
                  );
                })}
              </Command.Group>
              <PipelineItems text={text} onGo={go} />
              <Command.Group heading="Pages" className={styles["group"]}>
                {places
                  .filter(([label]) => isLike(label))
                  .map(([label, to]) => (
                    <Command.Item
                      key={to}
                      value={to}
                      className={styles["item"]}
                      onSelect={() => go(() => void navigate({ to }))}
                    >
                      {label}
                    </Command.Item>
                  ))}
              </Command.Group>
              <Command.Group heading="Appearance" className={styles["group"]}>
                {(["light", "dark", "system"] as const)
                  .filter((theme) => isLike(`theme: ${theme}`))
                  .map((theme) => (
                    <Command.Item
                      key={theme}
                      value={theme}
                      className={styles["item"]}
                      onSelect={() => go(() => chooseTheme(theme))}
                    >
                      Theme: {theme}
                    </Command.Item>
                  ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
