// VS Code loads this file in its extension host and calls run().
import { join } from 'node:path';
import { env } from 'node:process';
import Mocha from 'mocha';

export function run(): Promise<void> {
  const reporterOptions = { output: env['HOST_TEST_REPORT'] };
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, reporter: 'json', reporterOptions });
  mocha.addFile(join(__dirname, 'suite.cjs'));
  return new Promise((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
  });
}
