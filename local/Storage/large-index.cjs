// Azurite keeps its index of blobs in LokiJS. As Azurite uses it, LokiJS searches all blobs in each request and saves all blobs every
// five seconds. With 100,000 images, that takes 16 ms per request and every sixth second. LokiJS also sorts all its indexes again after
// each removal, which takes 0.4 s with 140,000 blobs. These patches keep all three times short.
'use strict';
const { checkFields, checkMethods } = require('./patched-packages.cjs');

const largestShareForSaving = 0.1;

/** Patches all indexes. Call it before Azurite opens any index. */
exports.install = (Loki) => {
  check(Loki);
  findByNameFirst(Loki);
  saveInProportion(Loki);
  removeOneByItself(Loki);
};

function check(Loki) {
  checkMethods('Loki', Loki.prototype, { autosaveDirty: 0, autosaveEnable: 2, saveDatabase: 1 });
  checkMethods('Resultset', Loki.Resultset?.prototype, { find: 2, remove: 0 });
  checkFields('Loki', new Loki(''), ['autosave', 'autosaveHandle', 'autosaveInterval']);
  const blobs = new Loki('').addCollection('');
  checkFields('Resultset', new Loki.Resultset(blobs), ['collection', 'filteredrows']);
}

// For several conditions, LokiJS uses the index of the first and tests the others on all its results. Azurite's first condition is the
// account, which all blobs share. The order of the conditions does not change the result.
function findByNameFirst(Loki) {
  const { find } = Loki.Resultset.prototype;
  Loki.Resultset.prototype.find = function (query, firstOnly) {
    return find.call(this, typeof query?.name === 'string' ? { name: query.name, ...query } : query, firstOnly);
  };
}

// Saving delays requests, because it serializes the index on their thread. The longer a save took, the later the next save begins.
function saveInProportion(Loki) {
  Loki.prototype.autosaveEnable = function () {
    this.autosave = true;
    const saveAfter = (milliseconds) => {
      this.autosaveHandle = setTimeout(() => {
        const start = performance.now();
        if (this.autosaveDirty()) this.saveDatabase();
        saveAfter(Math.max(this.autosaveInterval, (performance.now() - start) / largestShareForSaving));
      }, milliseconds);
    };
    saveAfter(this.autosaveInterval);
  };
}

// Azurite removes search results as a batch, after which LokiJS sorts all indexes again. For a single document it only updates them.
function removeOneByItself(Loki) {
  const { remove } = Loki.Resultset.prototype;
  Loki.Resultset.prototype.remove = function () {
    if (this.filteredrows.length !== 1) return remove.call(this);
    this.collection.remove(this.collection.data[this.filteredrows[0]]);
    this.filteredrows = [];
    return this;
  };
}
