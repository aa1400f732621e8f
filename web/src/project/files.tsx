// The files of the project, and the ways in: dropped anywhere, chosen, or pasted as links into the chat.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Coming, coming } from "./bringing";
import { files } from "./session";
import { bring } from "../batch/choosing";
import { Recorder } from "../voiceover/recorder";
import { recording } from "../voiceover/recording";
import { useFocusKept } from "../shell/focus";
import { type Key, t } from "../words";
import { clock } from "../words/numbers";

const TAKEN = "video/*,audio/*,image/*,.mkv,.mov,.m4a,.flac,.wav";

export function Files() {
  const empty = files.value.length === 0 && coming.value.length === 0;
  const place = useFocusKept<HTMLElement>("button:enabled");
  return (
    <section ref={place} tabIndex={-1} class={empty ? "files empty" : "files"} aria-label={t("files.title")}>
      {empty && (
        <div>
          <p class="large">{t("files.empty")}</p>
          <p class="quiet">{t("files.empty.more")}</p>
        </div>
      )}
      <ul>
        {files.value.map((file) => (
          <li key={file.file_id}>
            <span class="name">{file.name}</span>{" "}
            <span class="quiet">
              {t(`files.kind.${file.kind}` as Key)}
              {file.kind !== "image" && ` · ${clock(file.duration_ms / 1000)}`}
            </span>
          </li>
        ))}
        {coming.value.map((each, place) => (
          <ComingLine key={`${place} ${each.name}`} coming={each} />
        ))}
      </ul>
      <Chooser empty={empty} />
      {(!empty || recording.value.now === "recorded") && <Recorder />}
      <DropEverywhere bring={bring} />
    </section>
  );
}

function ComingLine({ coming: { name, fraction, stop } }: { coming: Coming }) {
  const far = fraction.value;
  return (
    <li>
      <span class="name">{name}</span>
      <progress
        aria-label={t("files.bringing", { name })}
        {...(far === null ? {} : { value: far, max: 1 })}
      />
      {stop !== null && (
        <button aria-label={t("files.stop", { name })} onClick={stop}>
          {t("turn.stop")}
        </button>
      )}
    </li>
  );
}

function Chooser({ empty }: { empty: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        accept={TAKEN}
        onChange={(event) => {
          bring(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
        }}
      />
      <button class={empty ? "primary" : ""} onClick={() => field.current?.click()}>
        {t(empty ? "files.choose" : "files.add")}
      </button>
    </>
  );
}

/** A file may be dropped anywhere on the page. */
export function DropEverywhere({ bring }: { bring: (files: File[]) => void }) {
  const over = useSignal(false);
  useEffect(() => {
    const has = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const drag = (event: DragEvent): void => {
      if (!has(event)) return;
      event.preventDefault();
      over.value = true;
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) over.value = false;
    };
    const drop = (event: DragEvent): void => {
      if (!has(event)) return;
      event.preventDefault();
      over.value = false;
      bring(Array.from(event.dataTransfer?.files ?? []));
    };
    const heard = new AbortController();
    const { signal } = heard;
    addEventListener("dragover", drag, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
    return () => heard.abort();
  }, []);
  return over.value ? <p class="drop">{t("files.drop")}</p> : null;
}
