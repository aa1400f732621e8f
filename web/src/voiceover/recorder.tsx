// The button that records a voiceover, and what becomes of the recording.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { begin, discard, leave, recording, stop, use } from "./recording";
import { busy } from "../chat/conversation";
import { useFocusKept } from "../shell/focus";
import { telling } from "../shell/notices";
import { t } from "../words";
import { clock } from "../words/numbers";

export function Recorder() {
  const failed = useSignal("");
  const place = useFocusKept<HTMLDivElement>("audio, button:enabled");
  useEffect(() => leave, []);
  const now = recording.value;
  const record = (): void => {
    failed.value = "";
    begin().catch((error: unknown) => {
      failed.value = error instanceof Error ? error.message : String(error);
    });
  };
  return (
    <div ref={place} class="recorder" role="group" tabIndex={-1} aria-label={t("record.title")}>
      {now.now === "idle" && (
        <button disabled={busy.value} onClick={record}>
          {t("record.begin")}
        </button>
      )}
      {now.now === "asking" && <p class="quiet">{t("record.asking")}</p>}
      {now.now === "recording" && (
        <>
          <span class="time">{clock(now.seconds, true)}</span>
          <meter aria-label={t("record.level")} min={-60} max={0} high={-1} value={now.levelDb} />
          <button class="primary" onClick={stop}>
            {t("record.stop")}
          </button>
          <button onClick={discard}>{t("record.discard")}</button>
        </>
      )}
      {now.now === "recorded" && (
        <>
          <audio controls src={now.address} aria-label={now.file.name} />
          <button class="primary" disabled={busy.value} onClick={telling(use)}>
            {t("record.use")}
          </button>
          <button disabled={busy.value} onClick={discard}>
            {t("record.discard")}
          </button>
        </>
      )}
      <p role="alert" class="failed">
        {failed.value}
      </p>
    </div>
  );
}
