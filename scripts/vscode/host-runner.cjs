// What the harness gives VS Code as extensionTestsPath. It runs inside the extension host, sends all
// console output of the tests to the terminal as it is, and then runs the real test entry point.
const fs = require('fs');
const stream = require('stream');
const util = require('util');

/** VS Code's own forwarding ignores plain assignments to these, so they are redefined. */
function redefine(object, name, value) {
  const attributes = { writable: true, configurable: true, enumerable: true };
  Object.defineProperty(object, name, { value, ...attributes });
}

/** Everything that is printed goes to the file; returns console.log. */
function redirectOutput(file) {
  const fd = fs.openSync(file, 'a');
  const line = (...args) => void fs.writeSync(fd, `${util.format(...args)}\n`);
  for (const name of ['log', 'info', 'debug', 'warn', 'error']) redefine(console, name, line);
  redefine(console, 'trace', (...args) => line(new Error(util.format(...args)).stack));
  for (const name of ['stdout', 'stderr']) {
    const write = (chunk, _encoding, done) => {
      fs.writeSync(fd, chunk);
      done();
    };
    redefine(process, name, new stream.Writable({ decodeStrings: true, write }));
  }
  return line;
}

async function runEntry(tests) {
  const { run } = require(tests);
  if (run.length < 2) return run();
  const failures = await new Promise((resolve, reject) => {
    // The old form: run(testsRoot, callback).
    run(tests, (problem, count) => (problem ? reject(problem) : resolve(count)));
  });
  if (failures) throw new Error(`${failures} tests failed.`);
}

exports.run = async () => {
  const { env } = process;
  const line = redirectOutput(env.VSCODE_HARNESS_OUTPUT);
  let error;
  try {
    await runEntry(env.VSCODE_HARNESS_TESTS);
  } catch (problem) {
    error = problem ?? new Error('failed');
    line(error?.stack ?? error);
  }
  fs.writeFileSync(env.VSCODE_HARNESS_RESULT, JSON.stringify({ code: error ? 1 : 0 }));
  if (error) throw error;
};
