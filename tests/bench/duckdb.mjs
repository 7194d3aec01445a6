// SPDX-License-Identifier: MIT
//
// Runs DuckDB's queries, a JSON object a line on standard input:
//
//     {"threads": 1, "query": "SELECT ...", "copy": "csv, HEADER",
//      "output": "rows.csv"}
//
// writes the rows to output, and answers with a line: the seconds that
// DuckDB's own profile says the query took; its version after the empty query.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';

const [modules, profile] = process.argv.slice(2);
const require = createRequire(modules + '/');
const {DuckDBInstance} = require('@duckdb/node-api');

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
// Everyone else reads from the system's cache, and none keeps what it read.
await connection.run('SET enable_external_file_cache = false');
await connection.run("SET enable_profiling = 'json'");
await connection.run(`SET profiling_output = '${profile}'`);

async function answer({threads, query, copy, output}) {
    if (!query) {
        const rows = await connection.runAndReadAll('SELECT version()');
        return rows.getRows()[0][0];
    }
    await connection.run(`SET threads = ${threads}`);
    await connection.run(
        `COPY (${query}) TO '${output}' (FORMAT ${copy})`);
    return JSON.parse(readFileSync(profile)).latency;
}

for await (const line of createInterface({input: process.stdin}))
    console.log(await answer(JSON.parse(line)));
