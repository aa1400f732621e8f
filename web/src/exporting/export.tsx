// Asking for the file.

import { useRef } from "preact/hooks";
import { begun } from "./renders";
import { busy, carryOut } from "../chat/conversation";
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
async function exported(asked: FormData): Promise<void> {
  const [format, quality, platform] = ["format", "quality", "platform"].map((name) => String(asked.get(name)));
  if (platform !== "" && !(await carryOut([{ op: "export", args: { platform: platform ?? null } }]))) return;
  if (id.value !== null) await begun(id.value, format ?? "mp4", quality ?? "high");
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
  return (
    <>
      <button class="primary" disabled={!hasTimeline.value || busy.value} onClick={() => dialog.current?.showModal()}>
        {t("export.title")}
      </button>
      <dialog ref={dialog} aria-labelledby="export-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            if ((event.submitter as HTMLButtonElement | null)?.value !== "start") return;
            exported(new FormData(event.currentTarget)).catch(tell);
          }}
        >
          <h2 id="export-title">{t("export.title")}</h2>
          <Choice name="platform" values={["", ...PLATFORMS]} />
          <Choice name="format" values={FORMATS} />
          <Choice name="quality" values={QUALITIES} />
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
