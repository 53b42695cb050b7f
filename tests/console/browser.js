// What the modules of the page ask of a browser as soon as they are imported.

globalThis.sessionStorage = /** @type {any} */ ({ getItem: () => null, setItem: () => {} });
