// RxDB beside us: `node rx.mjs serve PORT` or, as a client, commands as lines of JSON.
// A scope is a header that the server turns into a condition of every query. Kept in memory: RxDB has
// no free storage on disk for Node, so its pushes are not durable.

import { createInterface } from "node:readline";
import { addRxPlugin, createRxDatabase } from "rxdb";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import { RxServerAdapterExpress } from "rxdb-server/plugins/adapter-express";
import { replicateServer } from "rxdb-server/plugins/replication-server";
import { createRxServer } from "rxdb-server/plugins/server";
import EventSource from "eventsource";

void addRxPlugin;
const SCHEMA = {
  version: 0,
  primaryKey: "id",
  type: "object",
  properties: {
    id: { type: "string", maxLength: 40 },
    scope: { type: "string", maxLength: 12 },
    body: { type: "object" },
  },
  required: ["id", "scope", "body"],
  indexes: ["scope"],
};

async function collectionOf(name) {
  const database = await createRxDatabase({ name, storage: getRxStorageMemory(), multiInstance: false });
  return (await database.addCollections({ rows: { schema: SCHEMA } })).rows;
}

async function serve(port) {
  const collection = await collectionOf("server");
  const server = await createRxServer({
    database: collection.database,
    adapter: RxServerAdapterExpress,
    port,
    hostname: "127.0.0.1",
    cors: "*",
    authHandler: (headers) => ({ validUntil: Date.now() + 3_600_000, data: { scope: headers.scope } }),
  });
  server.addReplicationEndpoint({
    name: "rows",
    collection,
    queryModifier: ({ data }, query) => ({ ...query, selector: { ...query.selector, scope: { $eq: data.scope } } }),
    changeValidator: ({ data }, change) => change.newDocumentState.scope === data.scope,
  });
  await server.start();
  process.stdout.write("ready\n");
}

const clients = new Map();

async function open(name) {
  if (!clients.has(name)) {
    clients.set(name, await collectionOf(`client-${name}`));
  }
  return clients.get(name);
}

async function exchange(collection, url, scope) {
  const state = replicateServer({
    collection,
    replicationIdentifier: `rows-${scope}`,
    url: `${url}/rows/0`,
    headers: { scope },
    live: false,
    push: { batchSize: 200 }, // its server takes bodies of 100 kB and answers more with a page
    pull: { batchSize: 2000 },
    eventSource: EventSource,
  });
  state.error$.subscribe((error) => process.stderr.write(`${error}\n`));
  await state.awaitInSync();
  await state.cancel();
}

const COMMANDS = {
  async seed({ url, scope, docs }) {
    const collection = await collectionOf(`seed-${scope}`);
    await collection.bulkInsert(docs.map((doc) => rowOf(doc, scope)));
    await exchange(collection, url, scope);
    await collection.database.destroy();
  },
  async fill({ name, docs, scope }) {
    await (await open(name)).bulkInsert(docs.map((doc) => rowOf(doc, scope)));
  },
  async sync({ names, url, scopes }) {
    for (const [at, name] of names.entries()) {
      await exchange(await open(name), url, scopes[at]);
    }
  },
  async count({ name }) {
    return (await open(name)).count().exec();
  },
};

function rowOf({ id, ...body }, scope) {
  return { id, scope, body };
}

async function listen() {
  for await (const line of createInterface({ input: process.stdin })) {
    const said = JSON.parse(line);
    const begun = performance.now();
    const value = await COMMANDS[said.op](said);
    const seconds = (performance.now() - begun) / 1000;
    process.stdout.write(`${JSON.stringify({ seconds, value: value ?? null })}\n`);
  }
}

const [role, port] = process.argv.slice(2);
if (role === "serve") {
  await serve(Number(port));
} else {
  await listen();
}
