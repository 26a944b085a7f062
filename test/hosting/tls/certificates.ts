import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Authority {
  /** Path of the CA's certificate. */
  ca: string;
  /** A certificate of this CA for `localhost` and 127.0.0.1; paths. */
  issue(name: string): { cert: string; key: string };
}

const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { stdio: 'pipe' });
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of its own, its files in `folder`. */
export function makeAuthority(folder: string, name: string): Authority {
  const at = (file: string): string => join(folder, `${name}-${file}`);
  const [ca, caKey] = [at('ca.pem'), at('ca.key')];
  const constraints = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign',
  ];
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    caKey,
    '-out',
    ca,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    ...constraints,
  );
  return {
    ca,
    issue(who) {
      const [cert, key, request, extensions] = [
        at(`${who}.pem`),
        at(`${who}.key`),
        at(`${who}.csr`),
        at(`${who}.ext`),
      ];
      writeFileSync(
        extensions,
        'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n',
      );
      openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${who}`);
      const from = ['-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions];
      openssl('x509', '-req', ...from, '-out', cert, '-days', '2');
      return { cert, key };
    },
  };
}
