'use strict';
// Keeps what V8 compiles of JavaScript files, so that the next process need not.
//
// One file holds the code of all modules that a process has loaded: a line of JSON with
// the SHA-256 of each module's source and the length of its code, then the code. Its
// name has the version of Node and the SHA-256 of its content, which is checked first.

const crypto = require('crypto');
const fs = require('fs');
const Module = require('module');
const path = require('path');
const vm = require('vm');

const LEFTOVER_MILLISECONDS = 60_000;
const MAXIMUM_BYTES = 32 * 1024 * 1024;
const PREFIX = `code-${process.version}-${process.arch}-`;
const SUFFIX = '.bin';

const sha256 = (content) => crypto.createHash('sha256').update(content).digest('hex');

/** Return the files with code for this version of Node. */
function keptFiles(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX) && name.endsWith(SUFFIX))
    .map((name) => path.join(folder, name));
}

/** Return the code in a file by its source's digest, or nothing if it was changed. */
function readCode(file) {
  const status = fs.lstatSync(file);
  if (!status.isFile() || status.uid !== process.geteuid()) return new Map();
  const content = fs.readFileSync(file);
  if (path.basename(file) !== `${PREFIX}${sha256(content)}${SUFFIX}`) return new Map();
  const end = content.indexOf('\n');
  let offset = end + 1;
  return new Map(
    JSON.parse(content.subarray(0, end)).map(([source, length]) => {
      const code = content.subarray(offset, offset + length);
      offset += length;
      return [source, code];
    }),
  );
}

/** Put the code into the folder, by an atomic rename, and remove what it replaces. */
function writeCode(folder, code) {
  const lengths = [...code].map(([source, bytes]) => [source, bytes.length]);
  const head = Buffer.from(`${JSON.stringify(lengths)}\n`);
  const content = Buffer.concat([head, ...code.values()]);
  const file = path.join(folder, `${PREFIX}${sha256(content)}${SUFFIX}`);
  const temporary = `${file}.${process.pid}.tmp`;
  const replaced = keptFiles(folder).filter((kept) => kept !== file);
  try {
    fs.writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    fs.renameSync(temporary, file);
  } catch {
    fs.rmSync(temporary, { force: true });
    return;
  }
  for (const kept of replaced) fs.rmSync(kept, { force: true });
  for (const name of fs.readdirSync(folder)) {
    if (/^code-.*\.tmp$/.test(name)) removeLeftover(path.join(folder, name));
  }
}

/** Remove what a process that was killed left, and not what one is about to rename. */
function removeLeftover(file) {
  const age = Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
  if (age > LEFTOVER_MILLISECONDS) fs.rmSync(file, { force: true });
}

/** Return the function that a module calls to load another. */
function requireOf(module, filename) {
  const load = (id) => module.require(id);
  let full;
  const made = () => (full ??= Module.createRequire(filename));
  for (const name of ['resolve', 'cache', 'main', 'extensions']) {
    Object.defineProperty(load, name, { get: () => made()[name], enumerable: true });
  }
  return load;
}

/** Compile modules from now on with the code that is kept in a folder. */
function useCodeCache(folder) {
  let kept = new Map();
  try {
    for (const file of keptFiles(folder)) kept = new Map([...kept, ...readCode(file)]);
  } catch {
    // It is compiled again.
  }
  const used = new Map();
  const compiled = new Map();
  const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;

  Module.prototype._compile = function (content, filename) {
    const source = sha256(content);
    const cachedData = kept.get(source);
    const script = new vm.Script(Module.wrap(content), {
      filename,
      cachedData,
      importModuleDynamically,
    });
    if (cachedData && !script.cachedDataRejected) used.set(source, cachedData);
    else compiled.set(source, script);
    const run = script.runInThisContext();
    const load = requireOf(this, filename);
    const directory = path.dirname(filename);
    return Reflect.apply(run, this.exports, [this.exports, load, this, filename, directory]);
  };

  process.once('exit', () => {
    if (compiled.size === 0) return;
    for (const [source, script] of compiled) used.set(source, script.createCachedData());
    const all = new Map([...kept, ...used]);
    const size = [...all.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    try {
      writeCode(folder, size > MAXIMUM_BYTES ? used : all);
    } catch {
      // What is not kept is compiled again.
    }
  });
}

module.exports = { useCodeCache };
