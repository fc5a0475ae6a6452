globalThis.fetch = () => Promise.reject(new Error("a test reached for the network"));
