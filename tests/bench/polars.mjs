// SPDX-License-Identifier: MIT
//
// Runs Polars' queries, a JSON object a line on standard input:
//
//     {"query": "pl.scanCSV('INPUT')", "output": "rows.csv"}
//
// writes the frame that the query is, an expression in which `pl` is Polars, to
// output as CSV, and answers with a line: the seconds that took; its version
// after the empty query. How many threads it has POLARS_MAX_THREADS says, for
// the whole process.
import {createRequire} from 'node:module';
import {createInterface} from 'node:readline';

const [modules] = process.argv.slice(2);
const require = createRequire(modules + '/');
const pl = require('nodejs-polars');

function answer({query, output}) {
    if (!query)
        return pl.version;
    const start = performance.now();
    const frame = new Function('pl', `return ${query}`)(pl);
    frame.collectSync().writeCSV(output);
    return (performance.now() - start) / 1e3;
}

for await (const line of createInterface({input: process.stdin}))
    console.log(answer(JSON.parse(line)));
