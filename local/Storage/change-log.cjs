// Azurite keeps its indexes (the list of blobs and the location of their bytes) in memory, in LokiJS, and saves each as a whole every
// five seconds. A kill loses the changes that were acknowledged since. A save that fails (disk full) is neither reported nor repeated.
// This patch keeps a log next to each index, with a line for every changed document. The line is written before the change is
// acknowledged. A start replays the changes that an index lacks. A saved index replaces the lines before it. Acknowledged changes
// survive the process. A machine that loses its power may lose changes that its system had not written yet.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { checkFields, checkMethods } = require('./patched-packages.cjs');

/** Adds the log to all indexes. Call it before Azurite opens any index. */
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
      if (!Array.isArray(document)) write(this, [document.$loki]); // for an array, LokiJS calls update for each document
      return updated;
    },
    remove(document) {
      const id = document.$loki;
      const removed = remove.call(this, document);
      if (!Array.isArray(document)) write(this, [id]); // for an array, LokiJS calls removeBatchByPositions
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

/** The changes of an index since its last save, in the files INDEX.log.1, .2, … in order. */
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

  /** Writes the current state of documents. A failed write is repeated with the next change, before that is acknowledged. */
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
      fs.ftruncateSync(this.#file, this.#length); // removes a half-written line
      throw error;
    }

    this.#length += lines.length;
    this.#unwritten.clear();
  }

  /** Brings a loaded index to its state after the last acknowledged change. */
  replay(index) {
    const changes = new Map();
    for (const number of this.#numbers().filter((existing) => existing < this.#number)) {
      const lines = fs.readFileSync(this.#path(number), 'utf8').split('\n');
      lines.pop(); // the last line is empty, or cut off and therefore never acknowledged
      for (const change of lines.map((line) => JSON.parse(line))) {
        if (!changes.has(change.collection)) changes.set(change.collection, new Map());
        changes.get(change.collection).set(change.id, change.document);
      }
    }

    for (const [name, documents] of changes) apply(index.getCollection(name), documents);
  }

  /** Starts a new file for changes after a save that is about to begin. Returns a function to call once the index is saved. */
  startAnew() {
    if (this.#file !== null) fs.closeSync(this.#file);
    this.#file = null;
    this.#length = 0;
    const next = ++this.#number;
    return () => this.#numbers().filter((number) => number < next).forEach((number) => fs.unlinkSync(this.#path(number)));
  }

  /** Marks the index as unsaved after a failed save, because LokiJS takes it for saved. */
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

/** Puts documents into a collection under their ids. An undefined document was removed. */
function apply(collection, documents) {
  const all = new Map(collection.data.map((document) => [document.$loki, document]));
  for (const [id, document] of documents) {
    if (document === undefined) all.delete(id);
    else all.set(id, document);
  }

  collection.data = [...all.values()].sort((a, b) => a.$loki - b.$loki);
  collection.maxId = Math.max(collection.maxId, ...documents.keys());
  collection.idIndex = null; // LokiJS rebuilds this and the unique indexes on their next use
  collection.constraints.unique = {};
  collection.ensureAllIndexes(true);
  collection.dirty = true;
}
