// Numbers as people read them.

/** `1:05`, `0:03.2` with tenths; seconds in. */
export function clock(seconds: number, tenths = false): string {
  const whole = Math.max(tenths ? Math.round(seconds * 10) / 10 : Math.round(seconds), 0);
  const minutes = Math.floor(whole / 60);
  const rest = whole - minutes * 60;
  return `${minutes}:${tenths ? rest.toFixed(1).padStart(4, "0") : String(rest).padStart(2, "0")}`;
}

/** `12.3 MB` in millions of bytes. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `+1.20`, `−0.50`, with a real minus sign. */
export const signed = (value: number, digits: number): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** `−23.1`, with a real minus sign. */
export const plain = (value: number, digits: number): string => value.toFixed(digits).replace("-", "−");
