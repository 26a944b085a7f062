import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { firstFree } from '../../src/local/temporal/ports.js';
import { openWebUiProxy } from '../../src/local/web-ui/proxy.js';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function proxyTo(port: number): Promise<string> {
  const proxy = await openWebUiProxy([]);
  ends.push(proxy.close);
  proxy.point({ host: '127.0.0.1', port });
  return `http://127.0.0.1:${proxy.port}/namespaces`;
}

async function startUi(port: number, readyAt = 0): Promise<number> {
  const ui = createServer((request, response) => {
    request.resume();
    response.statusCode = performance.now() < readyAt ? 503 : 200;
    response.end(`${request.method} ${request.url}`);
  });
  await new Promise<void>((resolve) => ui.listen(port, '127.0.0.1', resolve));
  ends.push(() => {
    ui.closeAllConnections();
    ui.close();
  });
  return (ui.address() as AddressInfo).port;
}

it('a page that is asked for before the Web UI listens is there once it does', async () => {
  const port = await firstFree([]);
  const asked = fetch(await proxyTo(port));
  await new Promise((resolve) => setTimeout(resolve, 700));
  await startUi(port);
  expect(await (await asked).text()).toBe('GET /namespaces');
});

it('a Web UI that has not found its server yet is asked again', async () => {
  const answer = await fetch(await proxyTo(await startUi(0, performance.now() + 700)));
  expect([answer.status, await answer.text()]).toEqual([200, 'GET /namespaces']);
});

it('what has a body is passed on once, or refused at once', async () => {
  const post = { method: 'POST', body: '{}' };
  const refused = await fetch(await proxyTo(await firstFree([])), post);
  expect([refused.status, await refused.text()]).toEqual([502, "Temporal's Web UI does not answer\n"]);
  const there = await fetch(await proxyTo(await startUi(0)), post);
  expect([there.status, await there.text()]).toEqual([200, 'POST /namespaces']);
});
