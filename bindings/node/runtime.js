'use strict';
// Runs the jsii kernel in the process that Python started. jsii's own runtime program
// starts a second process, which talks to the first one over file descriptor 3.

const fs = require('fs');
const { Readable, Writable } = require('stream');

const { program, nodeOptions, codeCache } = JSON.parse(process.env.BINDINGS_RUNTIME);

/** Undo what Python set for this process only, so that its children don't inherit it. */
function restoreEnvironment() {
  delete process.env.BINDINGS_RUNTIME;
  delete process.env.JSII_RUNTIME;
  if (nodeOptions === null) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = nodeOptions;
}

/**
 * Give requests and replies, descriptor 3 in jsii's program, to stdin and stdout, and
 * what the program prints to stderr, in the form that jsii's Python side reads there.
 */
function speakOverStandardStreams() {
  const { readSync, writeSync } = fs;
  fs.readSync = (fd, ...rest) => readSync(fd === 3 ? 0 : fd, ...rest);
  fs.writeSync = (fd, ...rest) => writeSync(fd === 3 ? 1 : fd, ...rest);
  for (const tag of ['stdout', 'stderr']) {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        writeSync(2, `${JSON.stringify({ [tag]: chunk.toString('base64') })}\n`);
        done();
      },
    });
    Object.defineProperty(process, tag, { value: stream, configurable: true });
  }
  Object.defineProperty(process, 'stdin', { value: Readable.from([]) });
}

restoreEnvironment();
speakOverStandardStreams();
// jsii links its unpacked packages, instead of copying them, where it sees this option.
process.execArgv.push('--preserve-symlinks');
if (codeCache) require('./code_cache.js').useCodeCache(codeCache);
require('./hooks.js');
require(program);
