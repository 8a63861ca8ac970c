// HTTP around a Partner. It listens on both loopback addresses, because `localhost` in a redirect_uri may mean either.

import http from 'node:http';

async function handle(partner, incoming, response) {
  const url = new URL(incoming.url, 'http://partner.invalid');
  const request = {
    method: incoming.method, path: url.pathname, query: url.searchParams, rawQuery: url.search.slice(1), headers: incoming.headers,
  };
  request.raw = await partner.readBody(incoming);
  const rendered = partner.render(await partner.answer(request), request);
  await partner.transmit(response, rendered, request);
}

function createServer(partner) {
  return http.createServer({ noDelay: true }, (incoming, response) => {
    handle(partner, incoming, response).catch((error) => {
      // Only a broken socket or a broken entry comes here: answer() turns everything else into a reply.
      console.error(error);
      response.destroy();
    });
  });
}

const listen = (server, port, host) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(port, host, () => resolve(server));
});

/** Resolves to the servers, one for each loopback address that exists here, and sets the partner's port. */
export async function start(partner, port) {
  const first = await listen(createServer(partner), port, '127.0.0.1');
  partner.port = first.address().port;
  const second = await listen(createServer(partner), partner.port, '::1').catch(() => undefined);
  return second ? [first, second] : [first];
}
