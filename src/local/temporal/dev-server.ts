import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openWebUiProxy, type Upstream, type WebUiProxy } from '../web-ui/proxy.js';
import { helperEnvironment } from './helper-environment.js';
import { isServing } from './is-serving.js';
import { markOf } from './orphans.js';
import { chooseGrpcPort, chooseUpstream, type Ports } from './ports.js';

const WEB_UI = 8233;
const READY_WITHIN_MS = 45_000;
const STEADY_AFTER_MS = 10_000;
const GIVE_UP_AFTER = 6;

export interface DevServerOptions {
  cli: string;
  databaseFile: string;
  /** The ports of the last start, used again when free. */
  earlier: Ports | null;
  log(line: string): void;
  /** Called when a process was started (not yet serving); pid 0: there is none now. */
  onProcess(pid: number, ports: Ports): void;
  onServing(): void;
  onDown(): void;
  /** Called after several failed starts in a row; nothing follows. */
  onGivenUp(reason: string): void;
}

export interface DevServer {
  /** Ends the process as `stop` does, and starts another one on the same ports. `why` is logged. */
  restart(why: string): void;
  /** Ends the process by SIGKILL. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * The server collects its small heap less often (Go's default is 100) and leaves the worker more CPU; the user's GOGC
 * wins.
 */
const GOGC = '400';

/** Keeps `temporal server start-dev` running: restarts it on the same ports whenever it ends by itself. */
export function keepDevServer(options: DevServerOptions): DevServer {
  const stopping = new AbortController();
  let child: ChildProcess | null = null;
  let everServed = false;
  /** We ended the process, so its end is no failure. */
  let asked = false;

  const oneLife = async (ports: Ports, webUi: WebUiProxy): Promise<{ servedMs: number; end: string }> => {
    const upstream = await chooseUpstream();
    const server = spawn(options.cli, serverArguments(options.databaseFile, ports, upstream), {
      // Its stdout has only a banner, and a failed write to it, as on a full disk, would end the server.
      stdio: ['inherit', 'ignore', 'inherit'],
      cwd: dirname(options.databaseFile),
      env: { GOGC, ...helperEnvironment(process.env.PATH ?? '') },
    });
    const exited = new Promise<string>((resolve) => {
      server.once('error', (error) => resolve(error.message));
      server.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    child = server;
    const guard = guardAgainstOurDeath(server.pid);
    options.onProcess(server.pid ?? 0, ports);
    let since = 0;
    const gone = new AbortController();
    exited.then(() => gone.abort());
    if (await untilServing(ports.grpc, AbortSignal.any([gone.signal, stopping.signal]))) {
      since = performance.now();
      everServed = true;
      webUi.point(upstream);
      options.onServing();
    } else if (!stopping.signal.aborted) server.kill('SIGKILL');
    const end = await exited;
    guard?.kill('SIGKILL');
    child = null;
    webUi.point(null);
    if (!stopping.signal.aborted) options.onDown();
    return { servedMs: since === 0 ? 0 : performance.now() - since, end };
  };

  const lives = async (): Promise<void> => {
    const { earlier } = options;
    const grpc = await chooseGrpcPort(earlier?.grpc);
    // First the earlier port, so that links stay valid, then the customary one.
    const wished = [...(earlier === null ? [] : [earlier.ui]), WEB_UI].filter((port) => port !== grpc);
    const webUi = await openWebUiProxy(wished);
    let ports: Ports = { grpc, ui: webUi.port };
    stopping.signal.addEventListener('abort', webUi.close);
    if (stopping.signal.aborted) webUi.close();
    for (let failures = 0; !stopping.signal.aborted; ) {
      const { servedMs, end } = await oneLife(ports, webUi);
      if (stopping.signal.aborted) return;
      options.onProcess(0, ports);
      options.log(`the server ended (${end}) after serving for ${Math.round(servedMs / 1000)} s`);
      failures = servedMs > STEADY_AFTER_MS || asked ? 0 : failures + 1;
      asked = false;
      if (failures >= GIVE_UP_AFTER)
        return options.onGivenUp(`it ended ${failures} times in a row, last: ${end}`);
      // After the first failure clients wait only this long; later waits grow. No client knows the ports before it has
      // served.
      await delay(Math.min(5_000, 50 * 2 ** failures), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
      if (!everServed) ports = { ...ports, grpc: await chooseGrpcPort(ports.grpc) };
    }
  };

  const running = lives().catch((error: Error) => options.onGivenUp(error.message));
  return {
    restart(why) {
      if (child === null || stopping.signal.aborted) return;
      options.log(why);
      asked = true;
      child.kill('SIGKILL');
    },
    async stop() {
      stopping.abort();
      // An orderly end takes over a second, in which the next command would wait. Nobody uses the server any more, and
      // a killed one loses nothing (see PRAGMAS).
      child?.kill('SIGKILL');
      await running;
    },
  };
}

/**
 * With `synchronous=1` (NORMAL) a killed server loses nothing. A machine that loses power loses the last moments of the
 * history: batches that then seem open find their texts in the store, which waits for the disk (decision 10).
 */
const PRAGMAS = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=1'];

/**
 * Closes Temporal's HTTP API, through which any web page in a browser of this machine could start a run: the API
 * answers only to this host name, which does not exist. gRPC, which no web page can speak, is not affected.
 */
const NO_HTTP_API = ['--dynamic-config-value', 'frontend.httpAllowedHosts=["nobody.invalid"]'];

/** Names the database by its file name only, as the server reads `#`, `?` and `%20` in a path as parts of a URL. */
const serverArguments = (databaseFile: string, ports: Ports, webUi: Upstream): string[] => [
  ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.grpc)],
  ...['--ui-ip', webUi.host, '--ui-port', String(webUi.port), ...NO_HTTP_API],
  ...['--dynamic-config-value', markOf(databaseFile)],
  ...['--db-filename', basename(databaseFile), ...PRAGMAS, '--log-level', 'error'],
];

/**
 * Starts a shell that waits on a pipe from this process and kills the server when the pipe closes. So the server also
 * ends when this process is killed by SIGKILL and no other restarts it.
 */
function guardAgainstOurDeath(serverPid: number | undefined): ChildProcess | null {
  if (serverPid === undefined) return null;
  const script = 'trap "" HUP INT TERM; read -r _; kill -9 "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(serverPid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  return guard;
}

async function untilServing(port: number, signal: AbortSignal): Promise<boolean> {
  for (const start = performance.now(); !signal.aborted && performance.now() - start < READY_WITHIN_MS; ) {
    if (await isServing(port)) return !signal.aborted;
    await delay(25, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
