// Files on their way to the person's own folder: the browser's download.

import * as api from "../api/jobs";
import { t } from "../words";

export function save(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** The finished file of a job, from an address that needs no token. */
export async function download(id: string, name: string): Promise<void> {
  const address = await api.address(id);
  if (address === null) throw new Error(t("jobs.gone"));
  save(address, name);
}
