import { expect, it } from 'vitest';
import { hideSecrets, shownModel, shownPath } from '../src/hide-secrets.js';

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
  ['postgres://u:p@ss@h/d', 'postgres://u:***@h/d'],
  ['postgres//u:p@h/d', 'postgres//u:***@h/d'],
  ['postgres:u:hunter2@h/d', 'postgres:u:***@h/d'],
  ['u:hunter2@h/d', 'u:***@h/d'],
  ['psql postgres://u:hunter2@h/d', 'psql postgres:***@h/d'],
  ['C:\\me@home\\a.db', 'C:\\me@home\\a.db'],
  ['postgres://u:1234/5@h/d', 'postgres://u:***@h/d'],
  ['postgres://u:1234?5@h/d', 'postgres://u:***@h/d'],
  ['postgres://u:5432#1@h/d', 'postgres://u:***@h/d'],
  ['postgres://u:p\nw@h/d', 'postgres://u:***@h/d'],
  ['x://h/d?sslpassword=p&a=b', 'x://h/d?sslpassword=***&a=b'],
  ['https://h/d?api_key=p&client_secret=q&jwt=r', 'https://h/d?api_key=***&client_secret=***&jwt=***'],
  ['sk-or-v1-0123456789', '***'],
  ['eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.c2ln', '***'],
  ["host=h user=u password='a b' dbname=d", 'host=h user=u password=*** dbname=d'],
  ['Host=h;Username=u;Password=p;Database=d', 'Host=h;Username=u;Password=***;Database=d'],
  ['/plain/path.db', '/plain/path.db'],
  ['C:\\data\\a.db', 'C:\\data\\a.db'],
])('%s shows as %s', (url, shown) => expect(hideSecrets(url)).toBe(shown));

it.each([
  ['openai/text-embedding-3-small', 'openai/text-embedding-3-small'],
  ['nomic-embed-text', 'nomic-embed-text'],
  ['bge-m3:latest', 'bge-m3:latest'],
  ['Canary&ofnoform', '15 characters (not shown)'],
  ['Canary1ofnoform', '15 characters (not shown)'],
])('the model %s is told as %s', (model, shown) => expect(shownModel(model)).toBe(shown));

it.each([
  ['/opt/bin/temporal', '"/opt/bin/temporal"'],
  ['temporal.exe', '"temporal.exe"'],
  ['Canary1ofnoform', '15 characters (not shown)'],
])('the path %s is told as %s', (path, shown) => expect(shownPath(path)).toBe(shown));
