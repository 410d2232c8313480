import type { Reporter } from "../console/reporter.ts";
import { EntryStore } from "../store/entry-store.ts";

/** Opens the store of finished work that `--verdicts` names. @throws FunprmError `input` when it cannot be written */
export function openStore(folder: string): Promise<EntryStore> {
  return EntryStore.open(folder, { flag: "--verdicts" });
}

/** Tells that this run found something else than the store holds. */
export function tellContradictions(store: EntryStore, report: Reporter): void {
  if (store.contradicted === 0) return;
  report.warn(
    `${store.contradicted} results differ from what ${store.folder} holds; those there were first and count. ` +
      `See funprm store ${store.folder}`,
  );
}
