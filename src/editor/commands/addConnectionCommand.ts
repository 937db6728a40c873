import type { AddConnectionOptions } from './addConnection.ts';
import type { CommandTable } from './commandTable.ts';

/** The steps are loaded when the first connection is added. */
export function addConnectionCommand(options: AddConnectionOptions): CommandTable {
  return {
    'ftps.addConnection': async () => {
      const { addConnection } = await import('./addConnection.ts');
      await addConnection(options);
    },
  };
}
