import { loadEverySettings, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { keyIdOf } from '../../hosting/payload-codec.js';
import { codecTokenOf, createRemoteCodec } from '../../hosting/remote-codec.js';
import { peekLocalTemporal } from '../../local/temporal/connect.js';
import { createCodecApp } from '../../server/codec-app.js';
import { listen } from '../../server/listen.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { untilSignal } from '../until-signal.js';

interface CodecServerOptions {
  port: number;
  webUi?: string[];
  token?: string;
}

/**
 * Different sentences printed at most: they quote parts of requests, so a client could otherwise flood the terminal.
 */
const MAX_SENTENCES = 20;
/** Long enough not to be guessed, and valid as one segment of a URL path. */
const TOKEN = /^[\w.~-]{16,}$/;

/** `embeddings codec-server`: decrypts for Temporal's Web UI and CLI, until Ctrl-C. */
export async function codecServer(
  host: NodeJS.Process,
  { port, webUi, token: given }: CodecServerOptions,
): Promise<number> {
  const console = createConsole(host, false);
  const [settings] = loadEverySettings() as [Settings, ...Settings[]];
  const { codecKey } = settings;
  if (codecKey === null)
    throw usageFault(
      'EMBEDDINGS_CODEC_KEY must be set to the key of the run: without one nothing is encrypted, and Temporal shows all of it',
    );
  if (given !== undefined && !TOKEN.test(given))
    throw usageFault('--token must have 16 characters or more, of letters, digits and . _ ~ -');
  const token = given ?? codecTokenOf(codecKey);
  const origins = webUi?.map(originOf) ?? (await usualOrigins(settings));
  const signal = untilSignal(host);
  const app = createCodecApp({
    codec: createRemoteCodec(codecKey),
    token,
    origins,
    refused: onceEach((sentence) => console.say(`Refused: ${sentence}`)),
  });
  const listening = await listen(app, { host: '127.0.0.1', port });
  try {
    const endpoint = `http://127.0.0.1:${listening.port}`;
    console.say(`Decrypts what the key ${keyIdOf(codecKey)} has encrypted, for this machine alone.`);
    console.say(`Web UI  ${endpoint}/${token}`);
    console.say(
      `        Paste it there as the codec server's endpoint; pages of ${origins.join(', ')} may send requests`,
    );
    console.say(
      `CLI     temporal workflow show --workflow-id embed-samples --codec-endpoint ${endpoint} --codec-auth 'Bearer ${token}'`,
    );
    console.say('Ctrl-C ends it.');
    await signal.caught;
    console.say('Stopping.');
  } finally {
    await listening.close();
    signal.forget();
  }
  return ExitCode.Ok;
}

/** Returns a function that prints each sentence only once. */
function onceEach(print: (sentence: string) => void): (sentence: string) => void {
  const printed = new Set<string>();
  return (sentence) => {
    if (printed.size === MAX_SENTENCES || printed.has(sentence)) return;
    printed.add(sentence);
    print(sentence);
  };
}

/** Returns the origin of a Web UI address; its path is ignored. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  throw usageFault(`--web-ui ${text} is no address of a Web UI: write one like http://localhost:8233`);
}

const USUAL_PORT = '8233';

/** Returns the origins of one-command mode's Web UI: its current port and its usual one, as localhost and 127.0.0.1. */
async function usualOrigins({ home }: Pick<Settings, 'home'>): Promise<string[]> {
  const up = await peekLocalTemporal(home);
  const ports = new Set([...(up === null ? [] : [new URL(up.uiUrl).port]), USUAL_PORT]);
  return [...ports].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);
}
