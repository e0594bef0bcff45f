'use strict';
// Loaded into the Node process of the jsii kernel before the kernel itself.

const fs = require('fs');
const path = require('path');
const workers = require('worker_threads');

const PROVIDER = `${path.sep}@cdktf${path.sep}provider-aws${path.sep}lib${path.sep}`;

/** Return the names that an index of the provider exports. */
function exportedNames(file) {
  const text = fs.readFileSync(file, 'utf8');
  const names = new Set();
  for (const [, plain, getter] of text.matchAll(
    /^exports\.(\w+) = require|^Object\.defineProperty\(exports, '(\w+)'/gm,
  )) {
    names.add(plain ?? getter);
  }
  return names;
}

function sameNames(left, right) {
  return left.size > 0 && left.size === right.size && [...left].every((n) => right.has(n));
}

/**
 * Load the provider's lazy index, which it ships beside the eager one, if both export
 * the same names.
 */
function useLazyIndex() {
  const load = require.extensions['.js'];
  require.extensions['.js'] = (module, filename) => {
    if (filename.endsWith(`${PROVIDER}index.js`)) {
      const lazy = path.join(path.dirname(filename), 'lazy-index.js');
      if (fs.existsSync(lazy) && sameNames(exportedNames(filename), exportedNames(lazy))) {
        return load(module, lazy);
      }
    }
    return load(module, filename);
  };
}

/**
 * Let jsii's index worker finish before the process ends. It writes the index beside the
 * unpacked assembly; without one the next run parses the whole assembly again.
 */
function finishIndexes() {
  const running = new Set();
  workers.Worker = class extends workers.Worker {
    constructor(filename, options) {
      super(placed(filename), options);
      running.add(this);
      const ended = () => running.delete(this);
      this.once('exit', ended).once('error', ended);
    }
  };
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    if (running.size === 0) exit(code);
    for (const worker of running) {
      worker.once('exit', () => running.size === 0 && exit(code));
    }
  };
}

/** Return where jsii's Python package keeps a file of jsii's own `lib` folder. */
function placed(filename) {
  const embedded = path.join(path.dirname(filename), `lib__${path.basename(filename)}`);
  return !fs.existsSync(filename) && fs.existsSync(embedded) ? embedded : filename;
}

/** Load `archiver`, which cdktf calls only for assets that are folders, when called. */
function loadArchiverLate() {
  const { prototype } = require('module');
  const load = prototype.require;
  prototype.require = function (id) {
    if (id !== 'archiver') return load.call(this, id);
    const archiver = () => load.call(this, id);
    return new Proxy(function () {}, {
      apply: (_, self, args) => Reflect.apply(archiver(), self, args),
      construct: (_, args) => Reflect.construct(archiver(), args),
      get: (_, name) => archiver()[name],
    });
  };
}

/** Let cdktf write down where a token was made only when somebody reads it. */
function writeStacksLate() {
  const load = require.extensions['.js'];
  const suffix = ['', 'cdktf', 'lib', 'tokens', 'private', 'stack-trace.js'].join(path.sep);
  require.extensions['.js'] = (module, filename) => {
    load(module, filename);
    if (filename.endsWith(suffix)) module.exports.captureStackTrace = lateStackTrace;
  };
}

function lateStackTrace(below) {
  const limit = Error.stackTraceLimit;
  const captured = {};
  Error.stackTraceLimit = Infinity;
  Error.captureStackTrace(captured, below || lateStackTrace);
  Error.stackTraceLimit = limit;
  return new Proxy([], new LateLines(captured));
}

/** Writes a captured stack into the array that it stands for before that is used. */
class LateLines {
  constructor(captured) {
    this.captured = captured;
  }

  written(lines) {
    if (this.captured) {
      const frames = this.captured.stack.split('\n').slice(1);
      this.captured = undefined;
      lines.push(...frames.map((frame) => frame.replace(/^\s*at\s+/, '')));
    }
    return lines;
  }
}

// Array's methods ask not only for values: `map` leaves out what `has` does not tell.
for (const trap of Object.getOwnPropertyNames(Reflect)) {
  LateLines.prototype[trap] = function (lines, ...rest) {
    return Reflect[trap](this.written(lines), ...rest);
  };
}

useLazyIndex();
writeStacksLate();
finishIndexes();
loadArchiverLate();
