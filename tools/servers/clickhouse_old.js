#!/usr/bin/env node
// Lets trueup talk to ClickHouse 18.16, the one that Debian has, for what only a real cluster shows:
//   node clickhouse_old.js PORT_OF_THE_SERVER PORT_FILE [SECONDS_FOR_THE_QUEUE]
// Statements go to the server as they come, but for what it does not know yet: settings, SYNC, IF NOT EXISTS of a
// column, OR REPLACE and MODIFY QUERY (two statements instead), the message of throwIf, comments of tables (kept in the
// default of a column instead) and newer columns of system tables. The state of the cluster's queue, for which it has
// no system table yet, is read from the coordination service itself.
'use strict';
const fs = require('fs');
const http = require('http');

const [serverPort, portFile, ddlTimeout = '180'] = process.argv.slice(2);
const onlyActive = new Set();  // sessions that do not wait for servers that are down

function send(sql, parameters) {
  return new Promise((resolve, reject) => {
    const url = new URL(`http://127.0.0.1:${serverPort}/`);
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    const request = http.request(url, { method: 'POST' }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(sql);
  });
}

const known = { insert_deduplicate: 'insert_deduplicate', alter_sync: 'replication_alter_partitions_sync' };

function settings(sql, session) {
  const mode = /distributed_ddl_output_mode = '(\w+)'/.exec(sql);
  if (mode) onlyActive[mode[1] === 'throw' ? 'delete' : 'add'](session);
  const kept = [...sql.matchAll(/(\w+) = ('(?:[^'\\]|\\.)*'|\d+)/g)].filter((m) => known[m[1]]);
  return kept.length ? 'SET ' + kept.map((m) => `${known[m[1]]} = ${m[2]}`).join(', ') : '';
}

function older(sql) {
  return sql
    .replace(/arrayFilter\(\(t, d\) -> d = database, loading_[^)]*\)/, 'emptyArrayString()')
    .replace(/ AND NOT is_temporary/, '')
    .replace(/currentUser\(\)/g, "'default'")
    .replace(/toString\(uuid\)/g, "''")
    .replace(/, latest_fail_reason FROM system.mutations/, ", '' FROM system.mutations")
    .replace(/ AND NOT is_killed/, '')
    .replace(/clusterAllReplicas\('\w+', currentDatabase\(\), '(\w+)'\)/g, 'cluster(each, currentDatabase(), $1)')
    .replace(/^(DROP TABLE[^]*?) SYNC\s*$/, '$1')
    .replace(/ADD COLUMN IF NOT EXISTS/g, 'ADD COLUMN')
    .replace(/\(nothing UInt8\) ENGINE = Memory COMMENT ('(?:[^'\\]|\\.)*')/,
      '(nothing UInt8, comment String DEFAULT $1) ENGINE = MergeTree ORDER BY tuple()')
    .replace(/ON CLUSTER main (?=MODIFY COMMENT)/, 'ON CLUSTER plain ')
    .replace(/MODIFY COMMENT ('(?:[^'\\]|\\.)*')/, 'MODIFY COLUMN comment String DEFAULT $1')
    .replace(/SELECT groupArray\(comment\) FROM system.tables WHERE database = currentDatabase\(\) AND name = ('[^']*')/,
      'SELECT groupArray(substring(default_expression, 2, length(default_expression) - 2)) FROM system.columns WHERE ' +
      "database = currentDatabase() AND table = $1 AND name = 'comment'")
    .replace(/\nCOMMENT '(?:[^'\\]|\\.)*'\s*$/, '');
}

// Newer servers write the names of columns in quotes: CREATE TABLE a.b ( id UInt64,  at Date) ENGINE ...
function newer(definitions) {
  return definitions.replace(/(CREATE TABLE \S+ \( )(.*?)(?=\) ENGINE = )/g, (all, head, columns) =>
    head + columns.split(',  ').map((column) => column.replace(/^\w+/, '`$&`')).join(',  '));
}

// What newer servers do in one statement: a view or table in the place of another, another query of a view.
async function replaced(sql) {
  const made = /^CREATE OR REPLACE (VIEW|TABLE) (`[^`]*`|\w+)( ON CLUSTER `?\w+`?)?/.exec(sql);
  if (made) return [`DROP TABLE IF EXISTS ${made[2]}${made[3] ?? ''}`, sql.replace(/^CREATE OR REPLACE/, 'CREATE')];
  const query = /^ALTER TABLE (\w+)( ON CLUSTER `?\w+`?)? MODIFY QUERY ([^]*)$/.exec(sql);
  if (!query) return [sql];
  const now = await send(`SELECT create_table_query FROM system.tables WHERE database = 'default' AND name = '${query[1]}'`, []);
  const target = / TO default\.(\w+)/.exec(now.body)[1];
  return [`DROP TABLE ${query[1]}${query[2] ?? ''}`,
    `CREATE MATERIALIZED VIEW ${query[1]}${query[2] ?? ''} TO ${target} AS ${query[3]}`];
}

// Servers that have not done what the queue has for them: [host...], entries.
async function queue() {
  const rows = async (sql) => {
    const { status, body } = await send(sql, [['default_format', 'JSONCompact']]);
    if (status !== 200) throw new Error(body);
    return JSON.parse(body).data;
  };
  const late = new Set();
  let count = 0;
  for (const [entry, value] of await rows("SELECT name, value FROM system.zookeeper WHERE path = '/ddl'")) {
    const hosts = [...(/^hosts: \[(.*)\]$/m.exec(value)?.[1] ?? '').matchAll(/'([^']+)'/g)].map((m) => m[1]);
    const done = await rows(`SELECT name FROM system.zookeeper WHERE path = '/ddl/${entry}/finished'`);
    const left = hosts.filter((host) => !done.some(([name]) => name === host));
    left.forEach((host) => late.add(decodeURIComponent(host)));
    count += left.length;
  }
  return `[${[...late].map((host) => `'${host}'`).join(',')}]\t${count}\n`;
}

async function answer(sql, parameters) {
  const session = parameters.get('session_id');
  if (/^SELECT version\(\)/.test(sql)) return { status: 200, body: '23.8.0.0\n' };
  if (/FROM system.distributed_ddl_queue/.test(sql)) return { status: 200, body: await queue() };
  if (/FROM system.functions/.test(sql)) return { status: 200, body: '' };
  if (/FROM system.processes/.test(sql)) return { status: 200, body: '0\n' };
  const statement = /^SET /.test(sql) ? settings(sql, session) : older(sql);
  if (!statement) return { status: 200, body: '' };
  const message = /throwIf\((.*), ('(?:[^'\\]|\\.)*')\) FROM/.exec(statement);
  const parts = await replaced(message ? statement.replace(message[0], `throwIf(${message[1]}) FROM`) : statement);
  let result;
  for (const part of parts) {
    result = await send(part, parameters);
    if (result.status !== 200) break;
  }
  if (message && /^Code: 395/.test(result.body)) return { status: 500, body: `Code: 395. DB::Exception: ${message[2]}` };
  if (result.status === 200)
    return /create_table_query/.test(sql) ? { status: 200, body: newer(result.body) } : result;
  if (/^Code: 44|code: 44,/.test(result.body) && /ADD COLUMN IF NOT EXISTS/.test(sql)) return { status: 200, body: '' };
  if (/^Code: 159/.test(result.body) && onlyActive.has(session)) return { status: 200, body: '' };
  return { status: result.status, body: result.body.replace(/^Code: (\d+), e.displayText\(\) = /, 'Code: $1. ')
    .replace(/(, e.what\(\) = DB::Exception)+\s*$/, '') };
}

http.createServer((request, response) => {
  const chunks = [];
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  parameters.delete('enable_http_compression');
  if (request.headers['x-clickhouse-database']) parameters.set('database', request.headers['x-clickhouse-database']);
  parameters.set('distributed_ddl_task_timeout', ddlTimeout);
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    let out;
    try {
      out = await answer(Buffer.concat(chunks).toString(), parameters);
    } catch (e) {
      return response.destroy();  // as a server that is not there
    }
    response.writeHead(out.status, { 'Content-Type': 'text/plain; charset=UTF-8' });
    response.end(out.body);
  });
}).listen(0, '127.0.0.1', function () { fs.writeFileSync(portFile, String(this.address().port)); });
