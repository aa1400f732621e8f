// Asking for the file.

import { useRef } from "preact/hooks";
import { Checks } from "./checks";
import { foresee, unasked } from "./preflight";
import { begun } from "./renders";
import { busy, carryOut } from "../chat/conversation";
import type { Choice as Chosen } from "../api/types";
import { hasTimeline, id } from "../project/session";
import { tell } from "../shell/notices";
import { type Key, t } from "../words";

const FORMATS = ["mp4", "mov", "webm", "mp3", "m4a", "wav", "flac"] as const;
const QUALITIES = ["high", "low"] as const;
const PLATFORMS = [
  "youtube",
  "youtube_shorts",
  "tiktok",
  "douyin",
  "instagram",
  "instagram_reels",
  "bilibili",
  "xiaohongshu",
  "x",
  "facebook",
  "podcast",
  "spotify",
] as const;

/** For a platform the project gets its loudness and limits first: a turn like any other, to be taken back. */
async function exported({ platform, format, quality }: Chosen): Promise<void> {
  if (platform !== "" && !(await carryOut([{ op: "export", args: { platform } }]))) return;
  if (id.value !== null) await begun(id.value, format, quality);
}

/** What stands in the dialog. */
function chosen(form: HTMLFormElement): Chosen {
  const asked = new FormData(form);
  const said = (name: keyof Chosen): string => String(asked.get(name) ?? "");
  return { platform: said("platform"), format: said("format"), quality: said("quality") };
}

/** One of `values`, called as the catalogues call them; "" is none. */
function Choice({ name, values }: { name: "platform" | "format" | "quality"; values: readonly string[] }) {
  return (
    <p>
      <label>
        {t(`export.${name}`)}
        <select name={name}>
          {values.map((value) => (
            <option key={value} value={value}>
              {t(`export.${name}.${value === "" ? "none" : value}` as Key)}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}

export function Export() {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const opened = (): void => {
    dialog.current?.showModal();
    if (form.current !== null) void foresee(chosen(form.current), 0);
  };
  return (
    <>
      <button class="primary" disabled={!hasTimeline.value || busy.value} onClick={opened}>
        {t("export.title")}
      </button>
      <dialog ref={dialog} class="export" aria-labelledby="export-title" onClose={unasked}>
        <form
          ref={form}
          method="dialog"
          onChange={(event) => void foresee(chosen(event.currentTarget))}
          onSubmit={(event) => {
            if ((event.submitter as HTMLButtonElement | null)?.value !== "start") return;
            exported(chosen(event.currentTarget)).catch(tell);
          }}
        >
          <h2 id="export-title">{t("export.title")}</h2>
          <Choice name="platform" values={["", ...PLATFORMS]} />
          <Choice name="format" values={FORMATS} />
          <Choice name="quality" values={QUALITIES} />
          <Checks />
          <div class="decision">
            <button class="primary" value="start">
              {t("export.start")}
            </button>
            <button value="close">{t("export.close")}</button>
          </div>
        </form>
      </dialog>
    </>
  );
}
