// The entry point of the tests that run inside VS Code's extension host, in the harness as in desktop VS Code.
import { strict as assert } from 'node:assert';
import Mocha from 'mocha';

/** What scripts/testIntegration.mjs hands over in PROMPTMARK_INTEGRATION, as JSON. */
interface Order {
  /** bundled test files */
  readonly files: readonly string[];
  /** path of the reporter */
  readonly reporter: string;
}

/** A test that fails when a file was found but brought no test (a lost file looks like a passing one). */
function addMetaTest(mocha: Mocha, files: readonly string[]): void {
  const suite = Mocha.Suite.create(mocha.suite, 'the test run');
  const check = new Mocha.Test('has loaded tests from every *.test.ts', () => {
    const loaded = new Set<string | undefined>();
    mocha.suite.eachTest((test) => loaded.add(test.file));
    const lost = files.filter((file) => !loaded.has(file));
    assert.deepEqual(lost, []);
  });
  suite.addTest(check);
}

/** Called by VS Code; rejects when a test failed. */
export async function run(): Promise<void> {
  const order = JSON.parse(process.env.PROMPTMARK_INTEGRATION ?? '') as Order;
  const mocha = new Mocha({ ui: 'bdd', color: true, timeout: 30_000, reporter: order.reporter });
  for (const file of order.files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  addMetaTest(mocha, order.files);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures) throw new Error(`${failures} tests failed.`);
}
