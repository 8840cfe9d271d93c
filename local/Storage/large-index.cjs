// Azurite keeps its index of blobs in LokiJS. As Azurite uses it, LokiJS looks at every blob to find one, in each request, and saves all
// of them every five seconds: 100,000 images take 16 ms a request and every sixth second. It also sorts all its indexes again after each
// removal, 0.4 s with 140,000 blobs. These patches keep all three small.
'use strict';
const { checkFields, checkMethods } = require('./patched-packages.cjs');

const largestShareForSaving = 0.1;

/** Changes every index. Call it before Azurite opens any. */
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

// Of several conditions LokiJS takes the first one's index and tries the others on everything that it gives. Azurite's first is the
// account, which all blobs share. The order changes nothing about what is found.
function findByNameFirst(Loki) {
  const { find } = Loki.Resultset.prototype;
  Loki.Resultset.prototype.find = function (query, firstOnly) {
    return find.call(this, typeof query?.name === 'string' ? { name: query.name, ...query } : query, firstOnly);
  };
}

// Saving holds up the requests: the index is turned into text on their thread. The longer that took, the later the next save.
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

// What a search found is removed as a batch, for which LokiJS sorts the indexes anew; a single document it takes out of them.
function removeOneByItself(Loki) {
  const { remove } = Loki.Resultset.prototype;
  Loki.Resultset.prototype.remove = function () {
    if (this.filteredrows.length !== 1) return remove.call(this);
    this.collection.remove(this.collection.data[this.filteredrows[0]]);
    this.filteredrows = [];
    return this;
  };
}
