import { expect, it } from 'vitest';
import { withoutSecrets } from '../../src/terminal/without-secrets.js';

it.each([
  ['postgres://user:hunter2@host:5432/db', 'postgres://user:***@host:5432/db'],
  ['postgres://:hunter2@host/db', 'postgres://:***@host/db'],
  ['postgres://user:p@ss:word@host/db', 'postgres://user:***@host/db'],
  ['postgres://user:p/w@host/db', 'postgres://user:***@host/db'],
  ['postgres://user:p?w#x@host/db', 'postgres://user:***@host/db'],
  ['postgres://user@host/db', 'postgres://user@host/db'],
  ['libsql://db.turso.io?authToken=ey.J.x&tls=0', 'libsql://db.turso.io?authToken=***&tls=0'],
  ['libsql://db.turso.io?tls=0&AUTHTOKEN=ey', 'libsql://db.turso.io?tls=0&AUTHTOKEN=***'],
  ['postgres://h/db?password=a&sslpassword=b#c', 'postgres://h/db?password=***&sslpassword=***#c'],
  ['postgres://u:a@h/db?password=b', 'postgres://u:***@h/db?password=***'],
  ['libsql://h?jwt=a', 'libsql://h?jwt=***'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://host:8080/x?mail=a@b', 'http://host:8080/x?mail=a@b'],
  ['file:/srv/data/a.db', 'file:/srv/data/a.db'],
  ['sqlite:///srv/data/a@b.db', 'sqlite:///srv/data/a@b.db'],
])('%s shows as %s', (url, shown) => expect(withoutSecrets(url)).toBe(shown));
