import { accessCommands } from './access.ts';
import { addressCommands } from './addresses.ts';
import { checksumCommands } from './checksums.ts';
import type { CommandTable } from './command.ts';
import { fileCommands } from './files.ts';
import { listingCommands } from './listings.ts';
import { parameterCommands } from './parameters.ts';
import { securityCommands } from './security.ts';
import { transferCommands } from './transfers.ts';

/** Everything that the server knows. */
export const commandTable: CommandTable = {
  ...accessCommands,
  ...securityCommands,
  ...parameterCommands,
  ...addressCommands,
  ...fileCommands,
  ...checksumCommands,
  ...listingCommands,
  ...transferCommands,
};
