// Guides over the picture: what apps and television sets leave free for words. Shares of its width and height.

import { signal } from "@preact/signals";
import { type Key, t } from "../words";

interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

// Meta says 14, 35 and 6 % for Reels. TikTok and Shorts move theirs with each version: what has been seen of late.
// Television: EBU R 95, graphics and action.
const GUIDES = {
  reels: [{ top: 0.14, right: 0.06, bottom: 0.35, left: 0.06 }],
  tiktok: [{ top: 0.12, right: 0.13, bottom: 0.22, left: 0.06 }],
  shorts: [{ top: 0.15, right: 0.12, bottom: 0.25, left: 0.06 }],
  tv: [all(0.05), all(0.035)],
} as const;
type Guide = keyof typeof GUIDES;
const NAMES = Object.keys(GUIDES) as Guide[];

function all(share: number): Margins {
  return { top: share, right: share, bottom: share, left: share };
}

const guide = signal<Guide | null>(null);

export function SafeAreas() {
  if (guide.value === null) return null;
  return (
    <svg class="safe" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {GUIDES[guide.value].map(({ top, right, bottom, left }, place) => (
        <rect
          key={place}
          x={left}
          y={top}
          width={1 - left - right}
          height={1 - top - bottom}
          vector-effect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

export function SafeAreaChoice() {
  return (
    <label class="guides">
      {t("safe.title")}{" "}
      <select
        value={guide.value ?? ""}
        onChange={(event) => {
          const said = event.currentTarget.value;
          guide.value = NAMES.find((name) => name === said) ?? null;
        }}
      >
        <option value="">{t("safe.none")}</option>
        {NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`safe.${name}` as Key)}
          </option>
        ))}
      </select>
    </label>
  );
}
