#!/usr/bin/env node
// Puts TLS in front of a server that has none:
//   node tls.js KEY CERTIFICATE PORT_OF_THE_SERVER PORT_FILE
// Ends with its standard input, so that whoever started it need not end it.
'use strict';
const fs = require('fs');
const net = require('net');
const tls = require('tls');

const [key, certificate, port, portFile] = process.argv.slice(2);
tls.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, (client) => {
  const server = net.connect(Number(port), '127.0.0.1');
  client.pipe(server).pipe(client);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
}).on('tlsClientError', () => {}).listen(0, '127.0.0.1', function () {
  fs.writeFileSync(portFile, String(this.address().port));
});
process.stdin.on('end', () => process.exit(0)).resume();
