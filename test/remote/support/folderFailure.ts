import { FolderTransferError } from '../../../src/remote/folderTransfer.ts';

/** What a transfer of a folder that must fail tells of it. */
export async function failureOf(transfer: Promise<unknown>): Promise<FolderTransferError> {
  const error: unknown = await transfer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FolderTransferError) return error;
  throw new Error(`The transfer did not fail as a folder, but with ${String(error)}.`);
}
