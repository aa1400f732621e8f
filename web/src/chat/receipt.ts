// What an operation measured, in one line.

import type { Args, Json } from "../api/types";
import { t } from "../words";
import { plain, signed } from "../words/numbers";

/** null when there is nothing worth a line. */
export function told(measured: Args): string | null {
  if (measured["done"] === false) return t("turn.nothing");
  if (measured["aligned"] === false) return null; // laid at the start: nothing measured an offset
  for (const [key, tell] of TOLD) {
    if (measured[key] !== undefined && measured[key] !== null) return tell(measured);
  }
  return null;
}

const number = (value: Json | undefined): number => (typeof value === "number" ? value : Number.NaN);

const TOLD: [string, (measured: Args) => string | null][] = [
  ["removed_s", removed],
  ["music_attenuation_db", (m) => t("receipt.music", { down: plain(number(m["music_attenuation_db"]), 0) })],
  ["music_found", (m) => (m["music_found"] === false ? t("receipt.nomusic") : null)],
  ["noise_floor_before_dbfs", quieter],
  ["offset_s", moved],
  ["music", (m) => t("receipt.named", { name: String(m["music"]) })],
  ["gain_db", (m) => t("receipt.gain", { gain: signed(number(m["gain_db"]), 1) })],
  ["target_lufs", (m) => t("receipt.target", { lufs: plain(number(m["target_lufs"]), 0) })],
];

function removed(measured: Args): string {
  const seconds = number(measured["removed_s"]).toFixed(1);
  const count = measured["segments_removed"];
  if (typeof count !== "number") return t("receipt.cut", { seconds });
  return count === 1 ? t("receipt.removed.one", { seconds }) : t("receipt.removed", { count, seconds });
}

function quieter(measured: Args): string | null {
  const after = measured["noise_floor_after_dbfs"];
  if (typeof after !== "number") return null;
  const before = plain(number(measured["noise_floor_before_dbfs"]), 0);
  return t("receipt.noise", { before, after: plain(after, 0) });
}

function moved(measured: Args): string {
  return t("receipt.offset", {
    offset: signed(number(measured["offset_s"]), 4),
    drift: signed(number(measured["drift_ppm"]), 1),
    confidence: number(measured["confidence"]).toFixed(2),
  });
}
