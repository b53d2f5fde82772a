// A handler for the tests of the local host: does what the message body or the path says.
const http = require('http');
console.log('handler starts');
let failed = false;
http.createServer((req, res) => {
  const chunks = [];
  req.on('data', c => chunks.push(c));
  req.on('end', () => {
    const text = Buffer.concat(chunks).toString();
    const answer = (status, body) => { res.writeHead(status, { 'Content-Type': 'application/json' }); res.end(body); };
    if (req.url === '/') return answer(404, '');
    if (req.url.startsWith('/api/')) {
      res.setHeader('Set-Cookie', ['a=1', 'b=2']);
      return answer(201, JSON.stringify({ method: req.method, url: req.url, raw: req.rawHeaders, body: text }));
    }
    console.log('CALL ' + JSON.stringify({ url: req.url, raw: req.rawHeaders, body: text }));
    const data = JSON.parse(text).Data;
    const say = typeof data.message === 'string' ? Buffer.from(data.message, 'base64').toString() : '';
    if (say.startsWith('out ')) return answer(200, `{"Outputs":{"next":${say.slice(4)}}}`);
    if (say === 'fail once' && !failed) { failed = true; return answer(500, '{}'); }
    if (say === 'crash once' && JSON.parse(text).Metadata.DeliveryCount === '1') process.exit(3);
    if (say === 'slow') return setTimeout(() => answer(200, '{}'), 1500);
    if (say === 'hang once' && JSON.parse(text).Metadata.DeliveryCount === '1') { res.writeHead(204); return res.end(); }
    answer(200, '{"Logs":["done"]}');
  });
}).listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
