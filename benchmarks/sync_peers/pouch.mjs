// PouchDB beside us: `node pouch.mjs serve PORT FOLDER` or, as a client, commands as lines of JSON.
// Every scope is a database of its own: what PouchDB's guides say for data that people may not all see.

import { createInterface } from "node:readline";
import express from "express";
import expressPouchdb from "express-pouchdb";
import http from "pouchdb-adapter-http";
import leveldb from "pouchdb-adapter-leveldb";
import memory from "pouchdb-adapter-memory";
import PouchDB from "pouchdb-core";
import mapreduce from "pouchdb-mapreduce";
import replication from "pouchdb-replication";

PouchDB.plugin(http).plugin(leveldb).plugin(memory).plugin(mapreduce).plugin(replication);
const BATCH = { batch_size: 500, batches_limit: 4 };

function serve(port, folder) {
  const Stored = PouchDB.defaults({ prefix: `${folder}/`, adapter: "leveldb" });
  const app = express();
  app.use("/", expressPouchdb(Stored, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: `${folder}/log.txt` }));
  app.listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
}

const clients = new Map();
const COMMANDS = {
  async seed({ url, scope, docs }) {
    const remote = new PouchDB(`${url}/${scope}`);
    for (let at = 0; at < docs.length; at += 1000) {
      await remote.bulkDocs(docs.slice(at, at + 1000).map(named));
    }
  },
  async fill({ name, docs }) {
    await open(name).bulkDocs(docs.map(named));
  },
  async sync({ names, url, scopes }) {
    for (const [at, name] of names.entries()) {
      const remote = new PouchDB(`${url}/${scopes[at]}`);
      await open(name).replicate.to(remote, BATCH);
      await open(name).replicate.from(remote, BATCH);
    }
  },
  async count({ name }) {
    return (await open(name).info()).doc_count;
  },
};

function named({ id, ...rest }) {
  return { _id: id, ...rest };
}

function open(name) {
  if (!clients.has(name)) {
    clients.set(name, new PouchDB(`client-${name}`, { adapter: "memory" }));
  }
  return clients.get(name);
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

const [role, port, folder] = process.argv.slice(2);
if (role === "serve") {
  serve(Number(port), folder);
} else {
  await listen();
}
