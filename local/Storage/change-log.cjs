// Azurite keeps its indexes (which blobs there are, where their bytes lie) in LokiJS, in memory, and saves each whole, every five
// seconds: a kill loses what it had acknowledged since, and a save that fails (disk full) is neither reported nor repeated. This
// keeps a log beside each index: a line for every document that changes, written before the change is acknowledged. A start
// replays what an index lacks; an index saved whole replaces the lines before it. What was acknowledged survives the process; a
// machine that loses its power may lose what its system had not written yet.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { checkFields, checkMethods } = require('./patched-packages.cjs');

/** Adds the log to every index. Call it before Azurite opens any. */
exports.install = (Loki) => {
  check(Loki);
  const logs = new Map(); // by the index's file
  const indexes = new WeakMap(); // by collection

  const { addCollection, loadDatabase } = Loki.prototype;
  Loki.prototype.addCollection = function (...args) {
    const collection = addCollection.apply(this, args);
    indexes.set(collection, this);
    return collection;
  };
  Loki.prototype.loadDatabase = function (options, callback) {
    loadDatabase.call(this, options, (error) => {
      if (!error) logOf(this).replay(this);
      callback(error);
    });
  };

  const { saveDatabase } = Loki.LokiFsAdapter.prototype;
  Loki.LokiFsAdapter.prototype.saveDatabase = function (file, content, callback) {
    const log = logs.get(file);
    const forget = log?.startAnew();
    saveDatabase.call(this, file, content, (error) => {
      if (error) log?.saveAgain();
      else forget?.();
      callback(error);
    });
  };

  const { insertOne, update, remove, removeBatchByPositions } = Loki.Collection.prototype;
  Object.assign(Loki.Collection.prototype, {
    insertOne(...args) {
      const document = insertOne.apply(this, args);
      write(this, [document.$loki]);
      return document;
    },
    update(document) {
      const updated = update.call(this, document);
      if (!Array.isArray(document)) write(this, [document.$loki]); // of many, it calls itself for each
      return updated;
    },
    remove(document) {
      const id = document.$loki;
      const removed = remove.call(this, document);
      if (!Array.isArray(document)) write(this, [id]); // many end in the next one
      return removed;
    },
    removeBatchByPositions(positions) {
      const ids = positions.map((position) => this.data[position].$loki);
      removeBatchByPositions.call(this, positions);
      write(this, ids);
    },
  });

  function logOf(index) {
    if (!logs.has(index.filename)) logs.set(index.filename, new ChangeLog(index));
    return logs.get(index.filename);
  }

  function write(collection, ids) {
    logOf(indexes.get(collection)).write(collection, ids);
  }
};

function check(Loki) {
  checkMethods('Loki', Loki.prototype, { addCollection: 2, getCollection: 1, loadDatabase: 2 });
  checkMethods('LokiFsAdapter', Loki.LokiFsAdapter?.prototype, { saveDatabase: 3 });
  checkMethods('Collection', Loki.Collection?.prototype, {
    ensureAllIndexes: 1, get: 2, insertOne: 2, remove: 1, removeBatchByPositions: 1, update: 1,
  });
  const index = new Loki('');
  checkFields('Loki', index, ['collections', 'filename']);
  checkFields('Collection', index.addCollection(''), ['constraints', 'data', 'dirty', 'idIndex', 'maxId', 'name']);
}

/** The changes of one index since it was last saved whole: files INDEX.log.1, .2, … in their order. */
class ChangeLog {
  #index;
  #number;
  #file = null;
  #length = 0;
  #unwritten = new Map();

  constructor(index) {
    this.#index = index;
    this.#number = Math.max(0, ...this.#numbers()) + 1;
  }

  /** Writes how documents are now. What could not be written is written with the next change, before that is acknowledged. */
  write(collection, ids) {
    for (const id of ids) {
      const document = collection.get(id) ?? undefined;
      this.#unwritten.set(`${collection.name}/${id}`, JSON.stringify({ collection: collection.name, id, document }) + '\n');
    }

    const lines = Buffer.from([...this.#unwritten.values()].join(''));
    this.#file ??= fs.openSync(this.#path(this.#number), 'a');
    try {
      for (let written = 0; written < lines.length;) written += fs.writeSync(this.#file, lines, written);
    } catch (error) {
      fs.ftruncateSync(this.#file, this.#length); // no half line before the next one
      throw error;
    }

    this.#length += lines.length;
    this.#unwritten.clear();
  }

  /** Makes a loaded index what it was when the last change was acknowledged. */
  replay(index) {
    const changes = new Map();
    for (const number of this.#numbers().filter((existing) => existing < this.#number)) {
      const lines = fs.readFileSync(this.#path(number), 'utf8').split('\n');
      lines.pop(); // empty, or cut off and thus never acknowledged
      for (const change of lines.map((line) => JSON.parse(line))) {
        if (!changes.has(change.collection)) changes.set(change.collection, new Map());
        changes.get(change.collection).set(change.id, change.document);
      }
    }

    for (const [name, documents] of changes) apply(index.getCollection(name), documents);
  }

  /** The index is about to be saved as it is now: later changes go to a new file. Gives what is to be called once it is saved. */
  startAnew() {
    if (this.#file !== null) fs.closeSync(this.#file);
    this.#file = null;
    this.#length = 0;
    const next = ++this.#number;
    return () => this.#numbers().filter((number) => number < next).forEach((number) => fs.unlinkSync(this.#path(number)));
  }

  /** A save failed: LokiJS believes that it did not. */
  saveAgain() {
    for (const collection of this.#index.collections) collection.dirty = true;
  }

  #path(number) {
    return `${this.#index.filename}.log.${number}`;
  }

  #numbers() {
    const start = path.basename(this.#path(''));
    return fs.readdirSync(path.dirname(this.#index.filename))
      .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
      .map((name) => Number(name.slice(start.length)))
      .sort((a, b) => a - b);
  }
}

/** Puts documents (undefined: removed) into a collection under their ids. */
function apply(collection, documents) {
  const all = new Map(collection.data.map((document) => [document.$loki, document]));
  for (const [id, document] of documents) {
    if (document === undefined) all.delete(id);
    else all.set(id, document);
  }

  collection.data = [...all.values()].sort((a, b) => a.$loki - b.$loki);
  collection.maxId = Math.max(collection.maxId, ...documents.keys());
  collection.idIndex = null; // this and the unique indexes are made anew on their next use
  collection.constraints.unique = {};
  collection.ensureAllIndexes(true);
  collection.dirty = true;
}
