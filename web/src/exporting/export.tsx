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
          <p>
            <label>
              {t("export.platform")}
              <select name="platform">
                <option value="">{t("export.platform.none")}</option>
                {PLATFORMS.map((platform) => (
                  <option key={platform} value={platform}>
                    {t(`export.platform.${platform}` as Key)}
                  </option>
                ))}
              </select>
            </label>
          </p>
          <p>
            <label>
              {t("export.format")}
              <select name="format">
                {FORMATS.map((format) => (
                  <option key={format} value={format}>
                    {t(`export.format.${format}` as Key)}
                  </option>
                ))}
              </select>
            </label>
          </p>
          <p>
            <label>
              {t("export.quality")}
              <select name="quality">
                {QUALITIES.map((quality) => (
                  <option key={quality} value={quality}>
                    {t(`export.quality.${quality}` as Key)}
                  </option>
                ))}
              </select>
            </label>
          </p>
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
