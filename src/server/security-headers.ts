import type { MiddlewareHandler } from 'hono';

/** Creates the middleware that adds security headers to every response. `scripts`: hashes of the page's scripts. */
export const securityHeaders =
  (scripts: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const policy = [
      "default-src 'none'",
      `script-src ${scripts.map((hash) => `'${hash}'`).join(' ') || "'none'"}`,
      "style-src 'unsafe-inline'",
      "connect-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
    ];
    c.header('Content-Security-Policy', policy.join('; '));
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    if (c.res.headers.get('access-control-allow-origin') === null)
      c.header('Cross-Origin-Resource-Policy', 'same-origin');
  };
