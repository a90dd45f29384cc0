#!/usr/bin/env node
// ClickHouse's engine (npm's chdb, in this process) behind the part of ClickHouse's HTTP interface that clients use:
//   node clickhouse.js CHDB_FOLDER DATA_FOLDER PORT_FILE [USER PASSWORD [CONFIG_FILE]]
// One request runs one statement. A `session_id` keeps settings, temporary tables and the current database between
// requests, as in ClickHouse; requests of one session never overlap. The port is written to PORT_FILE once it listens.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const zlib = require('zlib');

const [chdbFolder, dataFolder, portFile, user = 'default', password = '', configFile = ''] = process.argv.slice(2);
const { Session } = require(path.join(chdbFolder, 'node_modules', 'chdb'));

const sessions = new Map();  // session_id -> {engine, busy, timer}
// Parameters of the interface itself; every other one is a setting of the query.
const known = new Set(['query', 'database', 'default_format', 'session_id', 'session_timeout', 'session_check', 'user',
  'password', 'query_id', 'wait_end_of_query', 'buffer_size', 'compress', 'decompress', 'enable_http_compression',
  'send_progress_in_http_headers', 'http_write_exception_in_output_format', 'quota_key', 'client_protocol_version']);
// The first session decides data folder and configuration, and lives as long as we do.
const keeper = new Session(dataFolder, configFile ? { connectionArgs: [`--config-file=${configFile}`] } : {});
const quoted = (name) => '`' + name.replace(/[\\`]/g, '\\$&') + '`';
const literal = (text) => "'" + text.replace(/[\\']/g, '\\$&') + "'";

class Refusal extends Error {
  constructor(status, code, name, message) {
    super(`Code: ${code}. DB::Exception: ${message} (${name}) (version of chdb)`);
    this.status = status;
    this.code = code;
  }
}

// Is anything but blanks and comments behind the first statement?
function severalStatements(sql) {
  let ended = false;
  for (let i = 0; i < sql.length;) {
    const c = sql[i];
    let end = i + 1;
    if (c === "'" || c === '"' || c === '`') {
      while (end < sql.length && sql[end] !== c) end += sql[end] === '\\' ? 2 : 1;
      ++end;
    } else if (sql.startsWith('--', i) || c === '#') {
      end = sql.indexOf('\n', i);
      if (end < 0) return false;
    } else if (sql.startsWith('/*', i)) {
      end = sql.indexOf('*/', i + 2);
      if (end < 0) return false;
      end += 2;
    } else if (c === '$') {
      const tag = /^\$\w*\$/.exec(sql.slice(i));
      const close = tag ? sql.indexOf(tag[0], i + tag[0].length) : -1;
      if (close >= 0) end = close + tag[0].length;
    }
    const trivial = /\s/.test(c) || sql.startsWith('--', i) || c === '#' || sql.startsWith('/*', i) || c === ';';
    if (ended && !trivial) return true;
    if (c === ';') ended = true;
    i = end;
  }
  return false;
}

function authenticate(request, parameters) {
  let name = request.headers['x-clickhouse-user'] ?? parameters.get('user');
  let key = request.headers['x-clickhouse-key'] ?? parameters.get('password');
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '');
  if (basic) [name, key] = Buffer.from(basic[1], 'base64').toString().split(/:(.*)/s);
  if ((name ?? 'default') !== user || (key ?? '') !== password)
    throw new Refusal(403, 516, 'AUTHENTICATION_FAILED', `${name ?? 'default'}: Authentication failed: password is ` +
      'incorrect, or there is no user with such name.');
}

async function run(engine, sql, format) {
  try {
    const result = await engine.queryAsync(sql, { format });
    return Buffer.from(result.bytes ? result.bytes() : result.toString());
  } catch (e) {
    // The engine keeps a failed query, and what it reads, until the session's next one.
    await engine.queryAsync('SELECT 1', { format: 'Null' }).catch(() => {});
    const message = String(e.message).replace(/^Query failed: /, '').trim();
    const code = /Code: (\d+)/.exec(message);
    const refusal = new Error(message);
    refusal.status = code && ['60', '81', '46'].includes(code[1]) ? 404 : code && code[1] === '62' ? 400 : 500;
    refusal.code = code ? code[1] : '1002';
    throw refusal;
  }
}

function sessionFor(parameters) {
  const id = parameters.get('session_id');
  if (!id) return { engine: new Session(dataFolder), once: true };
  let session = sessions.get(id);
  if (!session) sessions.set(id, session = { engine: new Session(dataFolder), fresh: true });
  if (session.busy) throw new Refusal(500, 373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client`);
  clearTimeout(session.timer);
  return session;
}

async function answer(request, body, parameters) {
  authenticate(request, parameters);
  const inUrl = parameters.get('query');
  const sql = inUrl ? inUrl + (body.length ? '\n' + body : '') : body;
  if (severalStatements(sql)) throw new Refusal(400, 62, 'SYNTAX_ERROR', 'Multi-statements are not allowed');
  const session = sessionFor(parameters);
  session.busy = true;
  try {
    const database = request.headers['x-clickhouse-database'] ?? parameters.get('database');
    if (database) await run(session.engine, `USE ${quoted(database)}`, 'Null');
    for (const [name, value] of parameters)
      if (!known.has(name) && !name.startsWith('param_'))
        await run(session.engine, `SET ${name} = ${literal(value)}`, 'Null');
    const format = request.headers['x-clickhouse-format'] ?? parameters.get('default_format') ?? 'TabSeparated';
    return await run(session.engine, sql, format);
  } finally {
    session.busy = false;
    const id = parameters.get('session_id');
    if (session.once) {
      session.engine.close();
    } else {
      const seconds = Number(parameters.get('session_timeout') ?? 60);
      session.timer = setTimeout(() => { sessions.delete(id); session.engine.close(); }, seconds * 1000);
    }
  }
}

http.createServer((request, response) => {
  const chunks = [];
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/ping') return response.end('Ok.\n');
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const headers = { 'Content-Type': 'text/plain; charset=UTF-8', 'X-ClickHouse-Server-Display-Name': 'chdb' };
    let status = 200;
    let out;
    try {
      let body = Buffer.concat(chunks);
      if (request.headers['content-encoding'] === 'gzip') body = zlib.gunzipSync(body);
      out = await answer(request, body.toString(), url.searchParams);
    } catch (e) {
      status = e.status ?? 500;
      headers['X-ClickHouse-Exception-Code'] = String(e.code ?? 1002);
      out = Buffer.from(e.message + '\n');
    }
    if (url.searchParams.get('enable_http_compression') === '1' && /gzip/.test(request.headers['accept-encoding'] ?? '')) {
      headers['Content-Encoding'] = 'gzip';
      out = zlib.gzipSync(out);
    }
    response.writeHead(status, headers);
    response.end(out);
  });
}).listen(0, '127.0.0.1', function () { fs.writeFileSync(portFile, String(this.address().port)); });

process.on('SIGTERM', () => process.exit(0));
keeper.query('SELECT 1');
